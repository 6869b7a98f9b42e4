import { createHash } from 'node:crypto';
import type { Clock, RandomSource } from '../ports/clock-and-random';
import type { Log } from '../ports/log';
import type { KeyProvider } from '../ports/sealing';

/** A clock that stands still until it is told to move. */
export interface HandClock extends Clock {
  advance(ms: number): void;
}

export function createHandClock(start = '2026-03-01T00:00:00.000Z'): HandClock {
  let at = Date.parse(start);
  return {
    now: () => new Date(at),
    advance: (ms) => {
      at += ms;
    },
  };
}

/** The same bytes in every run; never the same twice within one. */
export function createSeededRandom(seed = 'seed'): RandomSource {
  let count = 0;
  const bytes = (length: number) => {
    const blocks: Buffer[] = [];
    for (let made = 0; made < length; made += 32)
      blocks.push(createHash('sha256').update(`${seed}:${count++}`).digest());
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
  };
  const uuid = () => {
    const hex = Buffer.from(bytes(16)).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  return { bytes, uuid };
}

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly event: string;
  readonly fields: Record<string, string | number | boolean>;
}

/** Keeps its lines for the test to look at. */
export function createMemoryLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const keep =
    (level: LogLine['level']) =>
    (event: string, fields: LogLine['fields'] = {}) => {
      lines.push({ level, event, fields });
    };
  return { lines, info: keep('info'), warn: keep('warn'), error: keep('error') };
}

/** Derives keys from their names alone: deterministic, and not secret. */
export function createFakeKeyProvider(): KeyProvider {
  return {
    kind: 'soft',
    wrap: async (_tenantId, _purpose, _keyId, key) => key.slice(),
    unwrap: async (_tenantId, _purpose, _keyId, wrapped) => wrapped.slice(),
    derive: async (tenantId, purpose, label) =>
      new Uint8Array(
        createHash('sha256')
          .update(JSON.stringify([tenantId, purpose, label]))
          .digest(),
      ),
  };
}
