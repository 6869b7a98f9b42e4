import {
  Inject,
  Provide,
  Scope,
  ScopeEnum,
  ServerlessFunction,
  ServerlessTrigger,
  ServerlessTriggerType,
} from '@midwayjs/core';
import type { Ports } from '../ports/ports';
import { type SweepResult, sweep } from '../service/sweep';

export const sweepHandler = 'sweep.run';

/** The timer's function: what nobody asks for but must be done. */
@Provide()
@Scope(ScopeEnum.Singleton)
export class SweepFunction {
  @Inject('ports')
  ports!: Ports; // injected by Midway

  @ServerlessFunction({ functionName: 'sweep', handlerName: sweepHandler })
  @ServerlessTrigger(ServerlessTriggerType.TIMER, { type: 'every', value: '10m' })
  run(): Promise<SweepResult> {
    return sweep(this.ports);
  }
}
