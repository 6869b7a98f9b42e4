import type { Notifier } from '../ports/notifier';
import type { Ports } from '../ports/ports';
import type { Transcoder } from '../ports/transcoder';

/** What the event functions need: `Ports`, the codec workers and the channel by which patients are told. */
export interface FunctionPorts extends Ports {
  readonly transcoder: Transcoder;
  readonly notifier: Notifier;
}
