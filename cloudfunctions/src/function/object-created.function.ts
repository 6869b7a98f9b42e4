import {
  Inject,
  Provide,
  Scope,
  ScopeEnum,
  ServerlessFunction,
  ServerlessTrigger,
  ServerlessTriggerType,
} from '@midwayjs/core';
import type { HandlerOutcome } from '../ports/outbox';
import type { Ports } from '../ports/ports';
import { verifyCreatedObjects } from '../service/verify-created-objects';
import { outcomeOf } from './outcome';
import { objectKeysOf } from './scf-event';

export const objectCreatedHandler = 'objectCreated.handle';

/** The object store's own notice that an object was written (COS trigger): the same verification the outbox asks for. */
@Provide()
@Scope(ScopeEnum.Singleton)
export class ObjectCreatedFunction {
  @Inject('ports')
  ports!: Ports; // injected by Midway

  @ServerlessFunction({ functionName: 'object-created', handlerName: objectCreatedHandler })
  @ServerlessTrigger(ServerlessTriggerType.OS, { bucket: 'sealed', events: 'cos:ObjectCreated:*' })
  handle(event: unknown): Promise<HandlerOutcome> {
    return outcomeOf(async () => verifyCreatedObjects(this.ports, objectKeysOf(event)));
  }
}
