import { describe, expect, it } from 'vitest';
import { createPowerLossDisk } from '../../adapters/files/power-loss-files';
import { DurableLog } from '../../durable-log/durable-log';
import type { JournalRecord } from '../../ports/journal';
import { openJournal } from './journal';

describe('the journal', () => {
  it('gives back what was appended, record by record, from any position', async () => {
    const disk = createPowerLossDisk(() => 0);
    const journal = await openJournal({ files: disk.mount(), folder: '/journal' });
    for (let i = 1; i <= 3; i++) {
      expect(await journal.append({ kind: 'spool-released', acknowledgedSequence: 10 + i })).toBe(i);
    }
    await journal.close();
    disk.losePower();
    const again = await openJournal({ files: disk.mount(), folder: '/journal' });
    const records: JournalRecord[] = [];
    for await (const record of again.read(1)) records.push(record);
    expect(records).toEqual([
      { sequence: 2, entry: { kind: 'spool-released', acknowledgedSequence: 12 } },
      { sequence: 3, entry: { kind: 'spool-released', acknowledgedSequence: 13 } },
    ]);
    expect([again.lastSequence, again.cutBytes]).toEqual([3, 0]);
  });

  it('stops at a record of a kind it does not know', async () => {
    const files = createPowerLossDisk(() => 0).mount();
    const log = await DurableLog.open({ files, folder: '/journal', prefix: 'journal' });
    await log.append('{"kind":"from-the-future"}');
    const journal = await openJournal({ files, folder: '/journal' });
    await expect(journal.read(0)[Symbol.asyncIterator]().next()).rejects.toThrow(
      'journal record 1 is of an unknown kind',
    );
  });
});
