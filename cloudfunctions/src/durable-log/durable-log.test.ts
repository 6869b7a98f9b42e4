import { describe, expect, it } from 'vitest';
import { createPowerLossDisk } from '../adapters/files/power-loss-files';
import type { DurableFiles } from '../ports/durable-files';
import { DurableLog } from './durable-log';
import { encodeLogLine } from './log-line';

const noDice = () => 0;
const damaged = (where: RegExp) =>
  expect.objectContaining({
    problem: expect.objectContaining({ problem: 'storage-unavailable', detail: expect.stringMatching(where) }),
  });

async function recordsOf(log: DurableLog, after = 0): Promise<string[]> {
  const found: string[] = [];
  for await (const record of log.read(after)) found.push(`${record.sequence}:${record.json}`);
  return found;
}

/** Counts the syncs of files, to see what is shared. */
function countingSyncs(files: DurableFiles): { files: DurableFiles; syncs: () => number } {
  let syncs = 0;
  const counted: DurableFiles = {
    ...files,
    append: async (file) => {
      const handle = await files.append(file);
      return { ...handle, sync: () => (syncs++, handle.sync()) };
    },
  };
  return { files: counted, syncs: () => syncs };
}

const open = (files: DurableFiles, segmentLength = 1_000_000) =>
  DurableLog.open({ files, folder: '/log', prefix: 'log', segmentLength });

/** A disk that holds a log of the given lines in one segment, all durable. */
async function diskWith(lines: readonly string[]) {
  const disk = createPowerLossDisk(noDice);
  const files = disk.mount();
  await files.makeFolder('/log');
  const handle = await files.append('/log/log-000000000000001.log');
  await handle.write(Buffer.from(lines.join('')));
  await handle.sync();
  await files.syncFolder('/log');
  return files;
}

describe('a durable log', () => {
  it('numbers records from 1 and gives them back in order, also after it was opened again', async () => {
    const disk = createPowerLossDisk(noDice);
    const log = await open(disk.mount());
    expect(log.lastSequence).toBe(0);
    expect(await Promise.all(['"a"', '"b"', '"影"'].map((json) => log.append(json)))).toEqual([1, 2, 3]);
    expect(await recordsOf(log)).toEqual(['1:"a"', '2:"b"', '3:"影"']);
    disk.losePower();
    const again = await open(disk.mount());
    expect(await recordsOf(again, 1)).toEqual(['2:"b"', '3:"影"']);
    expect(await again.append('"d"')).toBe(4);
    expect(again.lastSequence).toBe(4);
  });

  it('shares one sync among records that come while another is under way', async () => {
    const { files, syncs } = countingSyncs(createPowerLossDisk(noDice).mount());
    const log = await open(files);
    const before = syncs();
    await Promise.all(Array.from({ length: 100 }, (_, i) => log.append(String(i))));
    expect(syncs() - before).toBeLessThanOrEqual(3);
  });

  it('takes a record that comes in the very turn in which a flush ends', async () => {
    const log = await open(createPowerLossDisk(noDice).mount());
    let previous = log.append('0');
    for (let i = 1; i < 50; i++) previous = previous.then(() => log.append(String(i)));
    expect(await previous).toBe(50);
  });

  it('begins a new segment when one is full and reads across all of them', async () => {
    const files = createPowerLossDisk(noDice).mount();
    const log = await open(files, 300);
    for (let i = 1; i <= 40; i++) await log.append(`"${'x'.repeat(i)}"`);
    expect((await files.list('/log')).length).toBeGreaterThan(5);
    const expected = Array.from({ length: 40 }, (_, i) => `${i + 1}:"${'x'.repeat(i + 1)}"`);
    expect(await recordsOf(log)).toEqual(expected);
    expect(await recordsOf(await open(files, 300), 17)).toEqual(expected.slice(17));
  });

  it('can be read while it grows, far beyond one read buffer, and never shows what is not durable', async () => {
    const log = await open(createPowerLossDisk(noDice).mount(), 400_000);
    const long = `"${'x'.repeat(9_000)}"`;
    const writing = (async () => {
      for (let i = 0; i < 120; i++) {
        const durable = log.lastSequence;
        const sequence = await log.append(long);
        expect(sequence).toBe(durable + 1);
      }
    })();
    let next = 0;
    while (next < 120) {
      for await (const record of log.read(next)) {
        expect(record.sequence).toBe(++next);
        expect(record.sequence).toBeLessThanOrEqual(log.lastSequence);
      }
      await Promise.resolve();
    }
    await writing;
    expect(await recordsOf(log, 118)).toHaveLength(2);
  });

  it('finds a record that is longer than the read buffer', async () => {
    const log = await open(createPowerLossDisk(noDice).mount());
    await log.append(`"${'x'.repeat(700_000)}"`);
    await log.append('2');
    expect(await recordsOf(log, 1)).toEqual(['2:2']);
  });

  it('refuses appends after it was closed, and finishes those before', async () => {
    const log = await open(createPowerLossDisk(noDice).mount());
    const before = log.append('1');
    await log.close();
    await expect(before).resolves.toBe(1);
    await expect(log.append('2')).rejects.toEqual(damaged(/closed/));
  });
});

describe('a durable log at open', () => {
  const line = (batch: number, sequence: number) => encodeLogLine({ batch, sequence, json: `"record ${sequence}"` });

  it.each([
    ['half a line', line(3, 3).slice(0, 20)],
    ['zeros where a sector was lost', '\0'.repeat(600)],
    ['a lost line before a whole one of the same batch', `${'\0'.repeat(20)}\n${line(3, 4)}`],
    ['a line whose checksum does not fit', line(3, 3).replace('record', 'recorD')],
  ])('cuts a torn tail: %s', async (_, tail) => {
    const files = await diskWith([line(1, 1), line(2, 2), tail]);
    const log = await open(files);
    expect(log.cutBytes).toBe(Buffer.byteLength(tail));
    expect(await recordsOf(log)).toEqual(['1:"record 1"', '2:"record 2"']);
    expect(await log.append('"new"')).toBe(3);
    expect(await recordsOf(await open(files), 2)).toEqual(['3:"new"']);
  });

  it('refuses damage that later batches follow, and says where', async () => {
    const files = await diskWith([line(1, 1), line(2, 2).replace('record', 'recorD'), line(3, 3)]);
    const where = new RegExp(`log-000000000000001.log is damaged at byte ${line(1, 1).length}, record 2$`);
    await expect(open(files)).rejects.toEqual(damaged(where));
  });

  it('refuses damage behind which a lost sector hides the beginning of the next line', async () => {
    const files = await diskWith([line(1, 1), `${'\0'.repeat(512)}${line(5, 5)}`]);
    await expect(open(files)).rejects.toEqual(damaged(/record 2$/));
  });

  it('refuses damage in an older segment when it is read, and says where', async () => {
    const disk = createPowerLossDisk(noDice);
    const files = disk.mount();
    const log = await open(files, 100);
    for (let i = 1; i <= 12; i++) await log.append(`"record ${i}"`);
    const names = await files.list('/log');
    const second = `/log/${names[1]}`;
    const whole = Buffer.from(await files.read(second));
    await files.remove(second);
    const handle = await files.create(second);
    await handle.write(Buffer.from(whole.toString().replace('record', 'recorD')));
    await expect(recordsOf(await open(files, 100))).rejects.toEqual(
      damaged(new RegExp(`${names[1]} is damaged at byte 0`)),
    );
    await files.remove(second);
    await expect(recordsOf(await open(files, 100))).rejects.toEqual(damaged(/is damaged/));
  });
});

describe('a durable log on a failing disk', () => {
  it('rejects the records that found no space, leaves no trace of them, and goes on', async () => {
    const disk = createPowerLossDisk(noDice);
    const files = disk.mount();
    const log = await open(files);
    await log.append('"a"');
    disk.failNth('write', 1, 'ENOSPC');
    const full = expect.objectContaining({ problem: expect.objectContaining({ problem: 'out-of-space' }) });
    await expect(log.append('"too much"')).rejects.toEqual(full);
    expect(await log.append('"b"')).toBe(2);
    expect(await recordsOf(await open(files))).toEqual(['1:"a"', '2:"b"']);
  });

  it('takes nothing more after a sync failed, until it is opened again', async () => {
    const disk = createPowerLossDisk(noDice);
    const files = disk.mount();
    const log = await open(files);
    await log.append('"a"');
    disk.failNth('sync', 1, 'EIO');
    await expect(log.append('"b"')).rejects.toEqual(damaged(/could not be synced/));
    await expect(log.append('"c"')).rejects.toEqual(damaged(/could not be synced/));
    expect(await recordsOf(log)).toEqual(['1:"a"']);
    const again = await open(files);
    expect(await again.append('"d"')).toBe(2);
  });
});
