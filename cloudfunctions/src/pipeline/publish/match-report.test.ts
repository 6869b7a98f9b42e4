import { eq } from 'drizzle-orm';
import { beforeEach, expect, it } from 'vitest';
import { patient, study } from '../../ports/schema';
import { describeEachDatabase } from '../../testing/for-each-database';
import { addPatient } from '../../testing/report-fixtures';
import { createReportWorld, type ReportWorld } from '../../testing/report-world';

// Design §6, row by row. Every case runs twice: the report first, and the images first.
const uid = '1.2.840.99.1';
const otherUid = '1.2.840.99.2';
const cases: readonly {
  readonly name: string;
  readonly report: { readonly accession?: string; readonly studyUids?: readonly string[]; readonly filler?: string };
  readonly study: {
    readonly studyInstanceUid?: string;
    readonly accessionNumber?: string;
    readonly patientId?: string;
    readonly hospitalId?: string;
  };
  readonly attached: boolean;
  readonly held: string;
}[] = [
  {
    name: 'UID and patient agree',
    report: { studyUids: [uid] },
    study: { studyInstanceUid: uid },
    attached: true,
    held: '',
  },
  {
    name: 'UID agrees, accession number differs',
    report: { studyUids: [uid], accession: 'A1' },
    study: { studyInstanceUid: uid, accessionNumber: 'A2' },
    attached: true,
    held: '',
  },
  {
    name: 'UID agrees, patient differs',
    report: { studyUids: [uid] },
    study: { studyInstanceUid: uid, patientId: 'P002' },
    attached: false,
    held: 'patient-mismatch',
  },
  {
    name: 'UID differs, accession number agrees',
    report: { studyUids: [uid], accession: 'A1' },
    study: { studyInstanceUid: otherUid, accessionNumber: 'A1' },
    attached: false,
    held: 'waiting-for-images',
  },
  {
    name: 'UID agrees in another hospital',
    report: { studyUids: [uid] },
    study: { studyInstanceUid: uid, hospitalId: 'h2' },
    attached: false,
    held: 'waiting-for-images',
  },
  {
    name: 'accession number and patient agree',
    report: { accession: 'A1' },
    study: { accessionNumber: 'A1' },
    attached: true,
    held: '',
  },
  {
    name: 'accession number agrees, patient ID in other case',
    report: { accession: 'A1' },
    study: { accessionNumber: 'A1', patientId: ' p001 ' },
    attached: true,
    held: '',
  },
  {
    name: 'accession number agrees, patient differs',
    report: { accession: 'A1' },
    study: { accessionNumber: 'A1', patientId: 'P002' },
    attached: false,
    held: 'patient-mismatch',
  },
  {
    name: 'accession number agrees in another hospital',
    report: { accession: 'A1' },
    study: { accessionNumber: 'A1', hospitalId: 'h2' },
    attached: false,
    held: 'waiting-for-images',
  },
  {
    name: 'only OBR-3 equals the accession number, patient agrees',
    report: { filler: 'A1' },
    study: { accessionNumber: 'A1' },
    attached: true,
    held: '',
  },
  {
    name: 'the patient alone agrees',
    report: { accession: 'A1' },
    study: { accessionNumber: 'A2' },
    attached: false,
    held: 'waiting-for-images',
  },
  {
    name: 'neither side has an accession number',
    report: { filler: '' },
    study: { accessionNumber: '' },
    attached: false,
    held: 'no-identifier',
  },
  {
    name: 'the UID is no UID',
    report: { studyUids: ['x'], accession: 'A1' },
    study: { accessionNumber: 'A1' },
    attached: false,
    held: 'study-uid-invalid',
  },
];

describeEachDatabase('matching report and study', (open) => {
  let world: ReportWorld;
  beforeEach(async () => {
    world = await createReportWorld((await open()).database);
  });
  const places = async () => (await world.reports()).map(({ study: id, held }) => [id, held]);

  it.each(cases)('$name', async ({ report, study: images, attached, held }) => {
    await world.receive(report);
    await world.arrive({ id: 's1', ...images });
    expect(await places()).toEqual([[attached ? 's1' : null, held]]);
  });

  it.each(cases)('images first: $name', async ({ report, study: images, attached, held }) => {
    await world.arrive({ id: 's1', ...images });
    await world.receive(report);
    expect(await places()).toEqual([[attached ? 's1' : null, held]]);
  });

  it('gives the report to every study of its accession number, before or after, with all versions', async () => {
    await world.arrive({ id: 's1', accessionNumber: 'A1' });
    await world.receive({ accession: 'A1', findings: 'one' });
    await world.arrive({ id: 's2', accessionNumber: 'A1' });
    await world.receive({ accession: 'A1', controlId: 'M2', status: 'C', at: '20260301130000', findings: 'two' });
    await world.arrive({ id: 's3', accessionNumber: 'A1' });
    await world.arrive({ id: 's4', accessionNumber: 'A1', patientId: 'P002' });
    const versions = [
      { version: 1, status: 'approved', findings: 'one' },
      { version: 2, status: 'amended', findings: 'two' },
    ];
    expect(await world.reports()).toEqual(
      ['s1', 's2', 's3'].map((id) => ({ study: id, held: '', uid: '', status: 'amended', versions })),
    );
  });

  it('withdraws it from each of them', async () => {
    await world.arrive({ id: 's1', accessionNumber: 'A1' });
    await world.arrive({ id: 's2', accessionNumber: 'A1' });
    await world.receive({ accession: 'A1' });
    await world.receive({ accession: 'A1', controlId: 'M2', status: 'X', at: '20260301130000' });
    expect((await world.reports()).map(({ study: id, status }) => [id, status])).toEqual([
      ['s1', 'withdrawn'],
      ['s2', 'withdrawn'],
    ]);
  });

  it('makes no second report where a correction names by UID what was matched by accession number', async () => {
    await world.arrive({ id: 's1', accessionNumber: 'A1', studyInstanceUid: uid });
    await world.receive({ accession: 'A1' });
    await world.receive({ accession: 'A1', studyUids: [uid], controlId: 'M2', status: 'C', at: '20260301130000' });
    expect((await world.reports()).map(({ study: id, status, versions }) => [id, status, versions.length])).toEqual([
      ['s1', 'amended', 2],
    ]);
  });

  it('holds a correction whose patient ID disagrees, and leaves the approved report as it is', async () => {
    await world.arrive({ id: 's1', accessionNumber: 'A1' });
    await world.receive({ accession: 'A1' });
    await world.receive({ accession: 'A1', controlId: 'M2', status: 'C', at: '20260301130000', patientId: 'P002' });
    expect((await world.reports()).map(({ study: id, held, status }) => [id, held, status])).toEqual([
      ['s1', '', 'approved'],
      [null, 'patient-mismatch', 'amended'],
    ]);
  });

  it('lets go of a report when the images turn out to be of another patient, and takes it back when that is corrected', async () => {
    await world.arrive({ id: 's1', accessionNumber: 'A1' });
    await world.receive({ accession: 'A1' });
    const other = await world.patientIndex('P002');
    await addPatient(world.database, 'h1', other);
    const [right] = await world.database.select({ id: study.patientId }).from(study);
    const change = async (patientId: string) => {
      await world.database.update(study).set({ patientId }).where(eq(study.id, 's1'));
      await world.ports.outbox.add(world.database, { kind: 'study-changed', studyId: 's1' });
      await world.settle();
    };
    await change(`patient-h1-${other}`);
    expect(await places()).toEqual([[null, 'patient-mismatch']]);
    await change(right?.id ?? '');
    expect(await places()).toEqual([['s1', '']]);
    expect(await world.database.select({ id: patient.id }).from(patient)).toHaveLength(2);
  });

  it('lets go of a report when the accession number of the images is corrected to another', async () => {
    await world.arrive({ id: 's1', accessionNumber: 'A1' });
    await world.receive({ accession: 'A1' });
    const accessionNumberIndex = await world.ports.fields.blindIndex('h1', 'accession-number', 'A2');
    await world.database.update(study).set({ accessionNumberIndex }).where(eq(study.id, 's1'));
    await world.ports.outbox.add(world.database, { kind: 'study-changed', studyId: 's1' });
    await world.settle();
    expect(await places()).toEqual([[null, 'waiting-for-images']]);
  });
});
