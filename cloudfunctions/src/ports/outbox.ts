import type { Queryable } from './database';

/**
 * The transactional outbox (design D6): one plain table with leases. An event is written in the same transaction as the change it
 * tells of; its handler may run twice. A failed handler is tried again after 1 s · 2^attempts (with jitter, at most 5 min);
 * after `maxAttempts`, or at once on a permanent problem, the event rests as `dead` until a person replays it. A run that is lost because
 * the process ended never lays an event to rest.
 */
export type OutboxEvent =
  | { readonly kind: 'instance-acknowledged'; readonly journalSequence: number }
  | { readonly kind: 'message-acknowledged'; readonly journalSequence: number }
  | { readonly kind: 'object-created'; readonly storedObjectId: string }
  | { readonly kind: 'study-changed'; readonly studyId: string }
  | { readonly kind: 'film-published'; readonly filmId: string }
  | { readonly kind: 'text-message-due'; readonly textMessageId: string };

export type OutboxEventKind = OutboxEvent['kind'];

export type HandlerOutcome =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'retry'; readonly reason: string }
  | { readonly outcome: 'dead'; readonly reason: string };

export interface Outbox {
  /** Adds the event in the caller's transaction. A waiting event with the same dedupe key is kept instead; one that is running runs again. */
  add(transaction: Queryable, event: OutboxEvent, options?: { readonly delayMs?: number }): Promise<void>;
  /** Tells the runner that something may be due (after the commit). */
  wake(): void;
}

export interface BatchOutbox extends Outbox {
  /** As `add`, for many events of one moment in few round trips. Equal events count once. */
  addMany(
    transaction: Queryable,
    events: readonly OutboxEvent[],
    options?: { readonly delayMs?: number },
  ): Promise<void>;
}

/** One waiting event a key; what an event is about is part of the key. */
export function dedupeKeyOf(event: OutboxEvent): string {
  switch (event.kind) {
    case 'instance-acknowledged':
    case 'message-acknowledged':
      return `${event.kind}:${event.journalSequence}`;
    case 'object-created':
      return `${event.kind}:${event.storedObjectId}`;
    case 'study-changed':
      return `${event.kind}:${event.studyId}`;
    case 'film-published':
      return `${event.kind}:${event.filmId}`;
    case 'text-message-due':
      return `${event.kind}:${event.textMessageId}`;
    default:
      return event satisfies never;
  }
}
