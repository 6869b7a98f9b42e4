import type { Ports } from '../ports/ports';

/** What the event functions need. */
export type FunctionPorts = Ports;
