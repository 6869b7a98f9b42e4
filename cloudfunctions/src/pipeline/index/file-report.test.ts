import { beforeEach, expect, it } from 'vitest';
import { openReportTexts } from '../../adapters/database/report-versions';
import { sendHl7 } from '../../demo/demo-reports';
import { createGb18030Encoder } from '../../gateway/hl7/gb18030-encoder';
import { startMllpServer } from '../../gateway/hl7/mllp-server';
import type { JournalRecord, MessageAcknowledged } from '../../ports/journal';
import { outbox, report, reportVersion } from '../../ports/schema';
import { describeEachDatabase } from '../../testing/for-each-database';
import { oruMessage } from '../../testing/report-fixtures';
import { createReportWorld, type ReportWorld } from '../../testing/report-world';
import { archiveMessage } from '../archive-message';

describeEachDatabase('filing a report', (open) => {
  let world: ReportWorld;
  beforeEach(async () => {
    world = await createReportWorld((await open()).database);
  });
  const versions = async () =>
    (await world.reports()).map((report) =>
      report.versions.map(({ version, status, findings }) => `${version} ${status} ${findings}`),
    );

  it('keeps a report that comes before its images, sealed, and says why it waits', async () => {
    await world.receive({ accession: 'A1', findings: '双肺清晰。' });
    expect(await world.reports()).toEqual([
      {
        study: null,
        held: 'waiting-for-images',
        uid: '',
        status: 'approved',
        versions: [{ version: 1, status: 'approved', findings: '双肺清晰。' }],
      },
    ]);
    const [row] = await world.database.select().from(reportVersion);
    expect(row).toMatchObject({
      sender: 'RIS|H',
      journalSequence: 1,
      reportedAt: new Date('2026-03-01T04:00:00.000Z'),
      approvedAt: new Date('2026-03-01T04:00:00.000Z'),
    });
    if (row === undefined) throw new Error('no version');
    expect(await openReportTexts(world.ports.fields, row)).toEqual({
      findings: '双肺清晰。',
      impression: '未见异常。',
      reportingDoctor: '书写乙',
      approvingDoctor: '审核甲',
      examItem: '胸部CT平扫',
      messageControlId: 'M1',
    });
  });

  it('does nothing for the same journal record again, and says again which studies it names', async () => {
    await world.arrive({ id: 's1', accessionNumber: 'A1' });
    const record = await world.receive({ accession: 'A1' });
    const before = await world.reports();
    await world.database.delete(outbox);
    expect(await archiveMessage(world.ports, record)).toEqual({ outcome: 'done' });
    expect(await world.reports()).toEqual(before);
    // a crash between filing and telling the publish stage is made good by the second run
    expect((await world.database.select().from(outbox)).map((row) => row.dedupeKey)).toEqual(['study-changed:s1']);
  });

  it('does nothing for the same message sent again', async () => {
    await world.receive({ accession: 'A1' });
    await world.receive({ accession: 'A1' });
    await world.receive({ accession: 'A1', controlId: 'M2' });
    expect(await versions()).toEqual([['1 approved 双肺清晰。']]);
    expect(world.audited.map(({ action, reason }) => `${action} ${reason}`)).toEqual([
      'report-version-filed approved:1',
      'report-version-ignored duplicate',
      'report-version-ignored duplicate',
    ]);
  });

  it('files P, F, C and X as versions of one report', async () => {
    for (const [i, status] of ['P', 'F', 'C', 'X'].entries()) {
      await world.receive({ accession: 'A1', status, controlId: `M${i}`, at: `2026030112000${i}`, findings: `${i}` });
    }
    expect(await versions()).toEqual([['1 preliminary 0', '2 approved 1', '3 amended 2', '4 withdrawn 3']]);
    expect((await world.reports())[0]?.status).toBe('withdrawn');
  });

  it('puts versions that arrive late at their place in the history, and shows the newest throughout', async () => {
    const message = (status: string, i: number) =>
      world.receive({ accession: 'A1', status, controlId: `M${i}`, at: `2026030112000${i}`, findings: `${i}` });
    await message('C', 3);
    const [shown] = await world.database.select().from(report);
    world.ports.clock.advance(60_000);
    await message('P', 1);
    await message('F', 2);
    expect(await versions()).toEqual([['1 preliminary 1', '2 approved 2', '3 amended 3']]);
    expect(await world.database.select().from(report)).toMatchObject([
      { status: 'amended', version: 3, updatedAt: shown?.updatedAt },
    ]);
    await message('X', 4);
    expect(await versions()).toEqual([['1 preliminary 1', '2 approved 2', '3 amended 3', '4 withdrawn 4']]);
    expect(await world.database.select().from(report)).toMatchObject([{ status: 'withdrawn', version: 4 }]);
  });

  it('withdraws by OBR-3 alone where the message names neither study nor accession number', async () => {
    await world.receive({ accession: 'A1', filler: 'R1' });
    await world.receive({ accession: '', filler: 'R1', status: 'X', controlId: 'M2', at: '20260301130000' });
    expect((await world.reports()).map(({ status }) => status)).toEqual(['withdrawn']);
  });

  it('keeps reports apart that share OBR-3 but not the patient, or not the accession number', async () => {
    await world.receive({ accession: 'A1', filler: 'R1' });
    await world.receive({ accession: 'A1', filler: 'R1', patientId: 'P002', controlId: 'M2' });
    await world.receive({ accession: 'A2', filler: 'R1', controlId: 'M3' });
    expect(await versions()).toEqual([['1 approved 双肺清晰。'], ['1 approved 双肺清晰。'], ['1 approved 双肺清晰。']]);
  });

  it('holds a report without any identifier, and one whose study UID is none', async () => {
    await world.receive({ accession: '', filler: '', controlId: 'M1' });
    await world.receive({ accession: 'A9', filler: 'R9', controlId: 'M2', studyUids: ['../../etc'] });
    expect((await world.reports()).map(({ held }) => held).sort()).toEqual(['no-identifier', 'study-uid-invalid']);
  });

  it('makes one row a study where a message names several', async () => {
    await world.receive({ accession: 'A1', studyUids: ['1.2.3', '1.2.4'] });
    expect((await world.reports()).map(({ uid, held }) => [uid, held])).toEqual([
      ['1.2.3', 'waiting-for-images'],
      ['1.2.4', 'waiting-for-images'],
    ]);
  });

  it('says in the report that an attachment is not shown', async () => {
    await world.receive({
      accession: 'A1',
      findings: '""',
      impression: '""',
      more: ['OBX|3|ED|PDF^报告||^application^pdf^Base64^AAAA||||||F'],
    });
    expect(await versions()).toEqual([['1 approved （另有 1 份附件，暂不能在此显示）']]);
  });

  it('files two messages of one report that run at once as two versions', async () => {
    const first = await world.acknowledge({ accession: 'A1', controlId: 'M1' });
    const second = await world.acknowledge({
      accession: 'A1',
      controlId: 'M2',
      status: 'C',
      at: '20260301130000',
      findings: 'b',
    });
    await Promise.all([archiveMessage(world.ports, second), archiveMessage(world.ports, first)]);
    const rows = await world.reports();
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ status: 'amended' });
  });

  it('leaves nothing where filing fails half-way', async () => {
    const record = await world.acknowledge({ accession: 'A1', studyUids: ['1.2.3', '1.2.4'] });
    let calls = 0;
    const fields = {
      ...world.ports.fields,
      seal: (...args: Parameters<typeof world.ports.fields.seal>) =>
        ++calls > 8 ? Promise.reject(new Error('key provider gone')) : world.ports.fields.seal(...args),
    };
    await expect(archiveMessage({ ...world.ports, fields }, record)).rejects.toThrow('key provider gone');
    expect(await world.reports()).toEqual([]);
    expect(await archiveMessage(world.ports, record)).toEqual({ outcome: 'done' });
    expect(await world.reports()).toHaveLength(2);
  });

  it('rests for a person where the spool file was changed', async () => {
    const record = await world.acknowledge({});
    const moved = { ...record, entry: { ...record.entry, spool: { ...record.entry.spool, spoolFile: 'elsewhere' } } };
    expect(await archiveMessage(world.ports, moved)).toEqual({ outcome: 'dead', reason: 'sealed-object-invalid' });
  });

  it('writes no patient data into log and audit', async () => {
    await world.receive({ accession: 'A1' });
    expect(JSON.stringify([world.log.lines, world.audited])).not.toMatch(/P001|测|试甲|双肺|审核|书写/);
  });

  it('files what came over MLLP in GB 18030, unchanged from the wire to the sealed field', async () => {
    await world.arrive({ id: 's1', accessionNumber: 'A1' });
    const records = world.ports.spool.committed;
    const server = await startMllpServer({
      ports: world.ports,
      tenantId: 'h1',
      host: '127.0.0.1',
      port: 0,
      onAcknowledged: () => {},
    });
    try {
      const text = Buffer.from(
        oruMessage({ accession: 'A1', findings: '右肺上叶见结节\\.br\\直径 8\\T\\9 mm，“囧”' }),
      ).toString();
      const message = createGb18030Encoder()(text.replace('UNICODE UTF-8', 'GB 18030-2000'));
      expect(await sendHl7('127.0.0.1', server.port, message)).toBe('AA');
    } finally {
      await server.close();
    }
    expect(await archiveMessage(world.ports, records[0]?.record as JournalRecord<MessageAcknowledged>)).toEqual({
      outcome: 'done',
    }); // only a message was sent
    await world.settle();
    expect(await world.reports()).toMatchObject([
      { study: 's1', versions: [{ findings: '右肺上叶见结节\n直径 8&9 mm，“囧”' }] },
    ]);
  });
});
