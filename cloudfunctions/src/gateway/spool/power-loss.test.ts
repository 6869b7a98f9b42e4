import type { DicomUid } from '@yingyun/shared/domain/dicom-uid';
import { ProblemError } from '@yingyun/shared/domain/problem';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPowerLossDisk, type PowerLossDisk } from '../../adapters/files/power-loss-files';
import { openKeyRing } from '../../adapters/keys/journalled-key-ring';
import { openSoftKeyProvider } from '../../adapters/keys/soft-key-provider';
import { createFolderObjectStore } from '../../adapters/objects/folder-object-store';
import { createCfe1Sealer } from '../../adapters/sealing/cfe1-sealer';
import type { RandomSource } from '../../ports/clock-and-random';
import type { InstanceAcknowledged, JournalRecord } from '../../ports/journal';
import { openJournal } from '../journal/journal';
import { openSpool } from './spool';

/**
 * The power-loss proof (ADR 0013). A history is a few lives of one process over one disk. In each life workers commit, release, make
 * keys, put and remove objects at the same time, on a disk that may fail once, until the process or the power is cut. Whatever was once promised
 * (a call that resolved) or once shown (a record that `read` gave) must hold in every later life.
 */

interface Life {
  readonly cutAfter: number;
  readonly end: 'process' | 'power';
  /** The nth operation of this kind fails, and the process lives on. */
  readonly fault: { readonly kind: 'write' | 'sync' | 'syncFolder' | 'rename'; readonly nth: number } | null;
}
interface History {
  readonly seed: number;
  readonly lives: readonly Life[];
}

const tenantId = 't1';
const clock = { now: () => new Date(Date.UTC(2026, 2, 1)) };

function seeded(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

function seededBytes(next: (below: number) => number, length: number): Uint8Array {
  const words = Uint32Array.from({ length: Math.ceil(length / 4) }, () => next(2 ** 32));
  return new Uint8Array(words.buffer, 0, length);
}

function seededSource(next: (below: number) => number): RandomSource {
  const bytes = (length: number) => seededBytes(next, length);
  const hex = (length: number) => Buffer.from(bytes(length)).toString('hex');
  return { bytes, uuid: () => `${hex(4)}-${hex(2)}-${hex(2)}-${hex(2)}-${hex(6)}` };
}

/** What was promised or shown so far, over all lives. */
class Promises {
  readonly committed = new Map<string, { record: JournalRecord<InstanceAcknowledged>; plain: Uint8Array }>();
  readonly shown = new Map<number, string>();
  readonly keys = new Map<string, string>();
  derived: string | undefined;
  /** Every content that an object may have now; undefined = none. */
  readonly objects = new Map<string, (Buffer | undefined)[]>();
  readonly released = new Set<number>();
  commits = 0;
}

async function openAll(disk: PowerLossDisk, random: RandomSource, shouldSync: (site: string) => boolean) {
  const files = disk.mount({ shouldSync });
  const provider = await openSoftKeyProvider({ files, folder: '/data/keys', random });
  const keys = await openKeyRing({ files, folder: '/data/keys', provider, random, clock });
  const sealer = createCfe1Sealer({ random });
  const journal = await openJournal({ files, folder: '/data/journal', segmentLength: 4000 });
  const spool = await openSpool({
    files,
    folder: '/data/spool',
    sealer,
    keys,
    journal,
    clock,
    random,
    highWaterFreeBytes: 1,
  });
  const recovery = await spool.recover();
  const objects = createFolderObjectStore({ files, folder: '/data/objects' });
  return { provider, keys, sealer, journal, spool, recovery, objects };
}
type Opened = Awaited<ReturnType<typeof openAll>>;

/** Checks every promise, and notes what the journal shows on the way: that counts as shown even if the life ends in between. */
async function check(promises: Promises, opened: Opened): Promise<void> {
  expect(opened.recovery.missing).toEqual([]);
  const identities = new Set<string>();
  let sequence = 0;
  for await (const record of opened.journal.read(0)) {
    expect(record.sequence).toBe(++sequence);
    const text = JSON.stringify(record);
    expect(promises.shown.get(record.sequence) ?? text).toBe(text);
    promises.shown.set(record.sequence, text);
    if (record.entry.kind === 'spool-released') promises.released.add(record.entry.acknowledgedSequence);
    if (record.entry.kind !== 'instance-acknowledged') continue;
    expect(identities.has(record.entry.sopInstanceUid), 'an instance stands twice in the journal').toBe(false);
    identities.add(record.entry.sopInstanceUid);
  }
  expect(sequence).toBeGreaterThanOrEqual(Math.max(0, ...promises.shown.keys()));
  for (const [identity, { record, plain }] of promises.committed) {
    expect(identities.has(identity), 'a commit was lost').toBe(true);
    if (promises.released.has(record.sequence)) continue;
    expect(Buffer.from(await opened.spool.read(record.entry)).equals(plain), 'a spool file differs').toBe(true);
  }
  for (const [study, text] of promises.keys) {
    const key = await opened.keys.studyKey(tenantId, study);
    expect(`${key.keyId} ${Buffer.from(key.bytes).toString('hex')}`).toBe(text);
    expect((await opened.keys.keyById(tenantId, key.keyId)).bytes).toEqual(key.bytes);
  }
  const derived = Buffer.from(await opened.provider.derive(tenantId, 'field', 'name')).toString('hex');
  expect(promises.derived ?? derived).toBe(derived);
  promises.derived = derived;
  for (const [key, allowed] of promises.objects) {
    const now = (await opened.objects.size(key)) === undefined ? undefined : Buffer.from(await opened.objects.get(key));
    expect(
      allowed.some((one) => (one === undefined ? now === undefined : now?.equals(one))),
      `object ${key}`,
    ).toBe(true);
  }
}

/** Lets a call fail as the ports say it may; nothing was promised then. */
async function orFail(act: () => Promise<void>, mayFail: boolean): Promise<void> {
  try {
    await act();
  } catch (error) {
    const isAllowed =
      error instanceof ProblemError && /^(out-of-space|storage-unavailable)$/.test(error.problem.problem);
    if (!mayFail || !isAllowed) throw error;
  }
}

async function work(
  worker: number,
  promises: Promises,
  opened: Opened,
  next: (below: number) => number,
  mayFail: boolean,
): Promise<void> {
  const own: JournalRecord<InstanceAcknowledged>[] = [];
  const bytesOf = (length: number) => Buffer.from(seededBytes(next, length));

  async function commit(): Promise<void> {
    const identity = `1.2.${++promises.commits}`;
    const plain = bytesOf(next(30) === 0 ? 70_000 : next(2500));
    const writer = await opened.spool.open(tenantId);
    for (let at = 0; at < plain.length; at += 1000) await writer.write(plain.subarray(at, at + 1000));
    if (next(6) === 0) return writer.abort();
    const entry = { ...instance, sopInstanceUid: identity as DicomUid }; // digits and dots, as the brand asks
    const record = await writer.commit<InstanceAcknowledged>(entry);
    promises.committed.set(identity, { record, plain });
    own.push(record);
  }

  async function makeKey(): Promise<void> {
    const study = `1.3.${next(6)}`;
    const key = await opened.keys.studyKey(tenantId, study);
    const text = `${key.keyId} ${Buffer.from(key.bytes).toString('hex')}`;
    expect(promises.keys.get(study) ?? text).toBe(text);
    promises.keys.set(study, text);
  }

  async function putOrRemove(): Promise<void> {
    const key = `t1/2026/w${worker}-${next(3)}/o${next(2)}.dcm.cfe1`;
    const before = promises.objects.get(key) ?? [undefined];
    if (next(4) === 0) {
      promises.objects.set(key, [...before, undefined]);
      await opened.objects.remove(key);
      promises.objects.set(key, [undefined]);
      return;
    }
    const again = before.at(-1);
    const bytes = again !== undefined && next(2) === 0 ? again : bytesOf(next(1500));
    promises.objects.set(key, [...before, bytes]);
    await opened.objects.put(key, bytes);
    promises.objects.set(key, [bytes]);
  }

  async function release(): Promise<void> {
    const record = own.pop();
    if (record === undefined) return;
    promises.released.add(record.sequence);
    await opened.spool.release(record);
  }

  const acts = [commit, commit, commit, makeKey, putOrRemove, putOrRemove, putOrRemove, release];
  for (let i = 0; i < 12; i++) await orFail(acts[next(acts.length)] ?? commit, mayFail);
}

/** Rejects where a promise was broken. */
async function play(history: History, shouldSync: (site: string) => boolean): Promise<void> {
  const next = seeded(history.seed);
  const disk = createPowerLossDisk(next);
  const random = seededSource(next);
  const promises = new Promises();
  for (const life of history.lives) {
    disk.cutAfter(life.cutAfter);
    const fault = life.fault;
    if (fault !== null) disk.failNth(fault.kind, fault.nth, fault.kind === 'write' ? 'ENOSPC' : 'EIO');
    const untilCut = async (act: () => Promise<void>) => {
      try {
        await act();
      } catch (error) {
        if (!disk.isCut) throw error;
      }
    };
    const live = async () => {
      const opened = await openAll(disk, random, shouldSync);
      await check(promises, opened);
      const workers = [0, 1, 2].map((worker) => untilCut(() => work(worker, promises, opened, next, fault !== null)));
      await Promise.all(workers);
    };
    await untilCut(() => orFail(live, fault !== null));
    if (life.end === 'power') disk.losePower();
    else disk.endProcess();
  }
  await check(promises, await openAll(disk, random, shouldSync));
}

const instance: Omit<InstanceAcknowledged, 'spool' | 'sopInstanceUid'> = {
  kind: 'instance-acknowledged',
  tenantId,
  callingAeTitle: 'PACS',
  sopClassUid: '1.2.840.10008.5.1.4.1.1.2' as DicomUid, // CT Image Storage
  studyInstanceUid: '1.3.1' as DicomUid, // digits and dots, as the brand asks
  seriesInstanceUid: '1.3.1.1' as DicomUid, // digits and dots, as the brand asks
  transferSyntaxUid: '1.2.840.10008.1.2.1' as DicomUid, // Explicit VR Little Endian
  receivedSm3: '0'.repeat(64),
  receivedAt: '2026-03-01T00:00:00.000Z',
};

const histories: fc.Arbitrary<History> = fc.record({
  seed: fc.integer(),
  lives: fc.array(
    fc.record({
      cutAfter: fc.oneof(fc.nat(25), fc.nat(60), fc.nat(400)),
      end: fc.constantFrom<Life['end']>('process', 'power', 'power'),
      fault: fc.option(
        fc.record({
          kind: fc.constantFrom('write', 'sync', 'syncFolder', 'rename'),
          nth: fc.integer({ min: 1, max: 40 }),
        }),
        { freq: 2 },
      ),
    }),
    { minLength: 1, maxLength: 4 },
  ),
});

describe('spool, journal, key ring and object store, when the process or the power is cut at any operation', () => {
  it('keep every promise: nothing acknowledged is lost, changed or doubled', async () => {
    await fc.assert(
      fc.asyncProperty(histories, (history) => play(history, () => true)),
      { numRuns: 250 },
    );
  }, 240_000);

  it('need every single one of their syncs: with any one left out, a promise is broken', async () => {
    const sites = new Set<string>();
    const noting = fc.asyncProperty(histories, (history) => play(history, (site) => sites.add(site).size > 0));
    await fc.assert(noting, { numRuns: 100, seed: 20260301 });
    expect(sites.size).toBeGreaterThanOrEqual(12);
    const unneeded: string[] = [];
    for (const site of sites) {
      const property = fc.asyncProperty(histories, (history) => play(history, (asked) => asked !== site));
      const result = await fc.check(property, { numRuns: 5000, seed: 20260301, endOnFailure: true });
      if (!result.failed) unneeded.push(site);
    }
    expect(unneeded).toEqual([]);
  }, 240_000);
});
