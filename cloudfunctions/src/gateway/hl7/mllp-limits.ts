/** Everything an MLLP peer may use up. */
export interface MllpServerLimits {
  /** A larger message is read to its end without being kept, and refused (AE). */
  readonly maxMessageBytes: number;
  /** Of a message that is too large: beyond this the connection is closed. */
  readonly maxDiscardedBytes: number;
  /** Over all connections together; beyond it the sender is told to come again (AR). */
  readonly maxHeldBytes: number;
  readonly maxConnections: number;
  readonly maxConnectionsOfAddress: number;
  /** Between two messages, and for reading our answer. */
  readonly idleMs: number;
  /** From a message's first byte to its last. */
  readonly blockMs: number;
}

export const defaultMllpLimits: MllpServerLimits = {
  maxMessageBytes: 16 << 20,
  maxDiscardedBytes: 512 << 20,
  maxHeldBytes: 64 << 20,
  maxConnections: 64,
  maxConnectionsOfAddress: 32,
  idleMs: 15 * 60_000,
  blockMs: 60_000,
};
