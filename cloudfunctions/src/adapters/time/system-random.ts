import { randomBytes, randomUUID } from 'node:crypto';
import type { RandomSource } from '../../ports/clock-and-random';

/** The operating system's cryptographic random source. */
export function createSystemRandom(): RandomSource {
  return { bytes: (length) => new Uint8Array(randomBytes(length)), uuid: () => randomUUID() };
}
