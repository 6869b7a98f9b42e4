import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import { DurableLog } from '../../durable-log/durable-log';
import type { Clock, RandomSource } from '../../ports/clock-and-random';
import type { DurableFiles } from '../../ports/durable-files';
import type { DataKey, KeyProvider, KeyRing } from '../../ports/sealing';
import { UnwrappedKeyCache } from './unwrapped-key-cache';
import { parseWrappedKeyRecord, type WrappedKeyRecord } from './wrapped-key-record';

export interface KeyRingOptions {
  readonly files: DurableFiles;
  readonly folder: string;
  readonly provider: KeyProvider;
  readonly random: RandomSource;
  readonly clock: Clock;
  /** How many keys stay unwrapped in memory; default 1000. */
  readonly maxUnwrapped?: number;
}

const unwrappedForMs = 10 * 60 * 1000;

/**
 * Data keys, wrapped, in an append-only key journal (`keys-<n>.log`): one a study, and a day and tenant one for messages and one for the spool. A new key is
 * durable before anyone gets it (design D13), so nothing is ever sealed with a key that a power loss can take away.
 * All wrapped keys stay in memory, about 0.4 KB a study. Throws ProblemError `key-unavailable`, `out-of-space`, `storage-unavailable`.
 */
export async function openKeyRing(options: KeyRingOptions): Promise<KeyRing & { close(): Promise<void> }> {
  const { provider, random, clock } = options;
  const log = await DurableLog.open({ files: options.files, folder: options.folder, prefix: 'keys' });
  const unwrapped = new UnwrappedKeyCache(clock, options.maxUnwrapped ?? 1000, unwrappedForMs);
  const byId = new Map<string, WrappedKeyRecord>();
  const byUse = new Map<string, WrappedKeyRecord>();
  const beingMade = new Map<string, Promise<WrappedKeyRecord>>();

  function remember(record: WrappedKeyRecord): void {
    byId.set(record.keyId, record);
    byUse.set(useOf(record), record);
  }

  const today = () => clock.now().toISOString().slice(0, 10).replaceAll('-', '');

  for await (const { sequence, json } of log.read(0)) remember(parseWrappedKeyRecord(sequence, json));

  /** The key for one use: known, being made by someone else at this moment, or made now. */
  async function keyFor(use: Pick<WrappedKeyRecord, 'tenantId' | 'purpose' | 'of'>): Promise<DataKey> {
    const name = useOf(use);
    const known = byUse.get(name);
    if (known !== undefined) return open(known);
    let making = beingMade.get(name);
    if (making === undefined) {
      making = make(use).finally(() => beingMade.delete(name));
      beingMade.set(name, making);
    }
    return open(await making);
  }

  async function make(use: Pick<WrappedKeyRecord, 'tenantId' | 'purpose' | 'of'>): Promise<WrappedKeyRecord> {
    const keyId = random.uuid();
    const bytes = random.bytes(32);
    const wrapped = Buffer.from(await provider.wrap(use.tenantId, use.purpose, keyId, bytes)).toString('base64');
    const record: WrappedKeyRecord = { kind: 'key', keyId, ...use, wrapped, createdAt: clock.now().toISOString() };
    await log.append(JSON.stringify(record));
    remember(record);
    unwrapped.put(keyId, bytes);
    bytes.fill(0);
    return record;
  }

  async function open(record: WrappedKeyRecord): Promise<DataKey> {
    const cached = unwrapped.get(record.keyId);
    if (cached !== undefined) return { keyId: record.keyId, bytes: cached };
    const wrapped = Buffer.from(record.wrapped, 'base64');
    const bytes = await provider.unwrap(record.tenantId, record.purpose, record.keyId, wrapped);
    unwrapped.put(record.keyId, bytes);
    return { keyId: record.keyId, bytes };
  }

  return {
    studyKey: (tenantId, studyInstanceUid) => keyFor({ tenantId, purpose: 'object', of: studyInstanceUid }),
    // no Study Instance UID has a colon
    messageKey: (tenantId) => keyFor({ tenantId, purpose: 'object', of: `messages:${today()}` }),
    spoolKey: (tenantId) => keyFor({ tenantId, purpose: 'spool', of: today() }),
    keyById: async (tenantId, keyId) => {
      const record = byId.get(keyId);
      if (record === undefined || record.tenantId !== tenantId) {
        throw new ProblemError(problem('key-unavailable', `key ${keyId} is not in the key ring`));
      }
      return open(record);
    },
    close: async () => {
      unwrapped.clear();
      await log.close();
    },
  };
}

function useOf(use: Pick<WrappedKeyRecord, 'tenantId' | 'purpose' | 'of'>): string {
  return JSON.stringify([use.tenantId, use.purpose, use.of]);
}
