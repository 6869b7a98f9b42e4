import type { Clock } from '../../ports/clock-and-random';

interface Cached {
  readonly bytes: Uint8Array;
  readonly until: number;
}

/**
 * Keys in the clear for as long as they are in use: bounded in number and time, wiped when they leave. Gives copies out, since a
 * caller may still be sealing with a key that leaves the cache.
 */
export class UnwrappedKeyCache {
  /** In order of last use, oldest first. */
  private readonly cached = new Map<string, Cached>();

  constructor(
    private readonly clock: Clock,
    private readonly maxKeys: number,
    private readonly maxAgeMs: number,
  ) {}

  get(keyId: string): Uint8Array | undefined {
    const found = this.cached.get(keyId);
    if (found === undefined) return undefined;
    if (found.until <= this.clock.now().getTime()) {
      this.remove(keyId);
      return undefined;
    }
    this.cached.delete(keyId);
    this.cached.set(keyId, found);
    return found.bytes.slice();
  }

  put(keyId: string, bytes: Uint8Array): void {
    this.remove(keyId);
    this.cached.set(keyId, { bytes: Uint8Array.from(bytes), until: this.clock.now().getTime() + this.maxAgeMs });
    for (const oldest of this.cached.keys()) {
      if (this.cached.size <= this.maxKeys) break;
      this.remove(oldest);
    }
  }

  clear(): void {
    for (const keyId of [...this.cached.keys()]) this.remove(keyId);
  }

  private remove(keyId: string): void {
    this.cached.get(keyId)?.bytes.fill(0);
    this.cached.delete(keyId);
  }
}
