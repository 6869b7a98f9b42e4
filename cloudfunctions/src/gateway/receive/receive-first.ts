/** How long work that can wait may be held back, and by how much that came meanwhile. */
export interface ReceiveFirstLimits {
  /** Silence after which nothing is being received any more. */
  readonly quietMs: number;
  readonly maxHeldMs: number;
  readonly maxHeldInstances: number;
  readonly maxHeldBytes: number;
}

export interface ReceiveFirstOptions {
  /** Milliseconds that only rise (`performance.now`). */
  readonly monotonicMs: () => number;
  /** Called once when held work may go on. */
  readonly onRelease: () => void;
  readonly limits?: Partial<ReceiveFirstLimits>;
}

/**
 * Receive first (docs/adr/0017): while data sets come in, archive work waits, so that the sender's acknowledgements have the processor.
 * Not for ever: once it has been held for `maxHeldMs`, or too much has come meanwhile, it is not held again until it has caught up.
 */
export interface ReceiveFirst {
  /** Bytes of a data set have just come in. Cheap: call it for every fragment. */
  noteBytes(length: number): void;
  noteInstance(): void;
  /** The archive has nothing left to do. */
  noteCaughtUp(): void;
  /** Whether work that can wait waits now. */
  isHolding(): boolean;
  close(): void;
}

const defaultLimits: ReceiveFirstLimits = {
  quietMs: 200,
  maxHeldMs: 60_000,
  maxHeldInstances: 2000,
  maxHeldBytes: 2 * 2 ** 30,
};

/** Begins without holding: what an earlier life left behind is worked off first. */
export function createReceiveFirst({ monotonicMs, onRelease, limits }: ReceiveFirstOptions): ReceiveFirst {
  const { quietMs, maxHeldMs, maxHeldInstances, maxHeldBytes } = { ...defaultLimits, ...limits };
  let isCatchingUp = true;
  let lastAt = Number.NEGATIVE_INFINITY;
  /** Of what came since the archive was last at rest; undefined where nothing came. */
  let heldSince: number | undefined;
  let instances = 0;
  let bytes = 0;
  let timer: NodeJS.Timeout | undefined;

  function isHolding(): boolean {
    if (isCatchingUp || heldSince === undefined) return false;
    const now = monotonicMs();
    isCatchingUp = now - heldSince >= maxHeldMs || instances >= maxHeldInstances || bytes >= maxHeldBytes;
    return !isCatchingUp && now - lastAt < quietMs;
  }

  function lookAgain(): void {
    timer = undefined;
    if (isHolding()) watch();
    else onRelease();
  }

  function watch(): void {
    timer ??= setTimeout(lookAgain, quietMs / 2);
  }

  return {
    noteBytes(length) {
      lastAt = monotonicMs();
      heldSince ??= lastAt;
      bytes += length;
      watch();
    },
    noteInstance() {
      instances++;
    },
    noteCaughtUp() {
      isCatchingUp = false;
      heldSince = undefined;
      instances = 0;
      bytes = 0;
    },
    isHolding,
    close: () => clearTimeout(timer),
  };
}
