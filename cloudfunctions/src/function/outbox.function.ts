import {
  Inject,
  Provide,
  Scope,
  ScopeEnum,
  ServerlessFunction,
  ServerlessTrigger,
  ServerlessTriggerType,
} from '@midwayjs/core';
import { isProblem } from '@yingyun/shared/domain/problem';
import { archiveInstance } from '../pipeline/archive-instance';
import { archiveMessage } from '../pipeline/archive-message';
import { notifyFilm } from '../pipeline/notify/notify-film';
import { sendTextMessage } from '../pipeline/notify/send-text-message';
import { publishFilm } from '../pipeline/publish/publish-film';
import { verifyInstance } from '../pipeline/verify/verify-instance';
import type { HandlerOutcome, OutboxEvent, OutboxEventKind } from '../ports/outbox';
import type { Ports } from '../ports/ports';
import { journalRecord } from './journal-record';
import { outcomeOf } from './outcome';

type EventOf<K extends OutboxEventKind> = Extract<OutboxEvent, { readonly kind: K }>;

/** Handler names, one an event. */
export const outboxHandlers = {
  'instance-acknowledged': 'outbox.instanceAcknowledged',
  'message-acknowledged': 'outbox.messageAcknowledged',
  'object-created': 'outbox.objectCreated',
  'study-changed': 'outbox.studyChanged',
  'film-published': 'outbox.filmPublished',
  'text-message-due': 'outbox.textMessageDue',
} as const satisfies Record<OutboxEventKind, string>;

const { EVENT } = ServerlessTriggerType;

/** The outbox's events, each to its pipeline stage: parse nothing, decide nothing (style 3). */
@Provide()
@Scope(ScopeEnum.Singleton)
export class OutboxFunctions {
  @Inject('ports')
  ports!: Ports; // injected by Midway

  @ServerlessFunction({ functionName: 'archive-instance', handlerName: outboxHandlers['instance-acknowledged'] })
  @ServerlessTrigger(EVENT)
  instanceAcknowledged(event: EventOf<'instance-acknowledged'>): Promise<HandlerOutcome> {
    return outcomeOf(() => archiveInstance(this.ports, event.journalSequence));
  }

  @ServerlessFunction({ functionName: 'file-message', handlerName: outboxHandlers['message-acknowledged'] })
  @ServerlessTrigger(EVENT)
  messageAcknowledged(event: EventOf<'message-acknowledged'>): Promise<HandlerOutcome> {
    return outcomeOf(async () => {
      const record = await journalRecord(this.ports.journal, event.journalSequence, 'message-acknowledged');
      return isProblem(record) ? record : archiveMessage(this.ports, record);
    });
  }

  @ServerlessFunction({ functionName: 'verify-instance', handlerName: outboxHandlers['object-created'] })
  @ServerlessTrigger(EVENT)
  objectCreated(event: EventOf<'object-created'>): Promise<HandlerOutcome> {
    return outcomeOf(() => verifyInstance(this.ports, event.storedObjectId));
  }

  @ServerlessFunction({ functionName: 'publish-film', handlerName: outboxHandlers['study-changed'] })
  @ServerlessTrigger(EVENT)
  studyChanged(event: EventOf<'study-changed'>): Promise<HandlerOutcome> {
    return outcomeOf(() => publishFilm(this.ports, event.studyId));
  }

  @ServerlessFunction({ functionName: 'notify-film', handlerName: outboxHandlers['film-published'] })
  @ServerlessTrigger(EVENT)
  filmPublished(event: EventOf<'film-published'>): Promise<HandlerOutcome> {
    return outcomeOf(() => notifyFilm(this.ports, event.filmId));
  }

  @ServerlessFunction({ functionName: 'send-text-message', handlerName: outboxHandlers['text-message-due'] })
  @ServerlessTrigger(EVENT)
  textMessageDue(event: EventOf<'text-message-due'>): Promise<HandlerOutcome> {
    return outcomeOf(() => sendTextMessage(this.ports, event.textMessageId));
  }
}
