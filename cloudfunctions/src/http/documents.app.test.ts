import type { StructuredDocument } from '@yingyun/shared/contract/film-document';
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import type { CreatedShare, OpenedShare } from '@yingyun/shared/contract/routes';
import type { DataSet, DicomElement } from '@yingyun/shared/dicom/data-set';
import { writePart10 } from '@yingyun/shared/dicom/write-part10';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openView, sealView } from '../adapters/database/instance-view';
import type { StoredInstance } from '../pipeline/transcode/stored-instance';
import * as schema from '../ports/schema';
import { type BoundPerson, createBoundPerson } from '../testing/bound-person';
import { type SeededFilm, seedFilm } from '../testing/seed-film';
import { createSignedInStaff } from '../testing/signed-in-staff';
import { startTestApp, startTimeoutMs, type TestApp } from '../testing/test-app';

const place = { offset: 0, valueOffset: 0, hasUndefinedLength: false };
const even = (text: string) => new TextEncoder().encode(text.length % 2 === 0 ? text : `${text} `);
const words = (tag: number, vr: string, text: string): DicomElement => ({ ...place, tag, vr, value: even(text) });
const items = (tag: number, ...sets: DataSet[]): DicomElement => ({
  ...place,
  tag,
  vr: 'SQ',
  value: new Uint8Array(0),
  items: sets,
});
const pdf = Buffer.from('%PDF-1.4\n% made for a test\n%%EOF\n');

describe('documents and overlay planes over HTTP', () => {
  let app: TestApp;
  let film: SeededFilm;
  let token: string;
  let shareToken: string;
  let me: BoundPerson;

  beforeAll(async () => {
    app = await startTestApp();
    const patientId = 'P1'; // of the person that `createBoundPerson` binds
    film = await seedFilm(app.ports, { hospitalId: 'north', patientId, slices: 4, reportStatus: 'approved' });
    me = await createBoundPerson(app, 1);
    token = (await createSignedInStaff(app, 'north')).accessToken;
    const share = await app.ask(`/api/films/${film.filmId}/shares`, { token, json: { purpose: 'consultation' } });
    const { url, passcode } = share.json<CreatedShare>();
    const opened = await app.ask('/api/shares/open', {
      json: { token: url.slice(url.lastIndexOf('/') + 1), passcode },
    });
    shareToken = opened.json<OpenedShare>().accessToken;
    const person = { elements: [words(0x0040a040, 'CS', 'PNAME'), words(0x0040a123, 'PN', 'Wang^Yi')] };
    const report = [items(0x0040a730, person)];
    await turn(0, [...uids(), ...report], {
      kind: 'structured-report',
      title: 'Draft of a finding',
      hasDocument: true,
    });
    const held = { ...place, tag: 0x00420011, vr: 'OB', value: new Uint8Array(pdf) };
    await turn(1, [...uids(), held], { kind: 'pdf', title: '', hasDocument: true });
    const notPdf = { ...place, tag: 0x00420011, vr: 'OB', value: even('<script>alert(1)</script>') };
    await turn(2, [...uids(), notPdf], { kind: 'pdf', title: '', hasDocument: true });
    await overlay(3);
  }, startTimeoutMs);
  afterAll(() => app?.stop());

  const uidOf = (slice: number) => `${film.seriesInstanceUid}.${slice + 1}`;
  const uids = () => [words(0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.88.11'), words(0x00080018, 'UI', '1.2.3')];

  /** Seals a new plaintext in the place of a seeded object. */
  async function seal(slice: number, plain: Uint8Array, objectClass: 'dicom' | 'rendition') {
    const objectKey = `${film.hospitalId}/documents/${slice}.${objectClass}`;
    const key = await app.ports.keys.studyKey(film.hospitalId, film.seriesInstanceUid.slice(0, -2));
    const context = { tenantId: film.hospitalId, objectKey, objectClass, generation: 1 } as const;
    const { sealed, receipt } = app.ports.sealer.seal(key, context, plain);
    await app.ports.objects.put(objectKey, sealed);
    return { objectKey, ...receipt };
  }

  async function turn(slice: number, elements: DicomElement[], listed: StoredInstance['listed']): Promise<void> {
    const { bytes } = writePart10({
      dataSet: { elements },
      isExplicitLittleEndian: false,
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      sopClassUid: '1.2.3',
      sopInstanceUid: '1.2.3',
      implementationClassUid: '1.2.3',
      implementationVersionName: 'TEST',
      pixelData: { kind: 'none' },
    });
    const { id, view } = await seeded(slice);
    const sealed = await sealedView(id, { ...view, frames: [], withoutImage: 'not-an-image', listed });
    await app.ports.database.update(schema.instance).set(sealed).where(eq(schema.instance.id, id));
    const object = await seal(slice, bytes, 'dicom');
    await app.ports.database.update(schema.storedObject).set(object).where(eq(schema.storedObject.instanceId, id));
  }

  async function overlay(slice: number): Promise<void> {
    const { id, view } = await seeded(slice);
    const overlays = [{ group: 0x6000, firstFrame: 2, frameCount: 2, offset: 5, length: 3 }];
    const sealed = await sealedView(id, { ...view, overlays });
    await app.ports.database.update(schema.instance).set(sealed).where(eq(schema.instance.id, id));
    const row = await seal(slice, Uint8Array.of(9, 9, 9, 9, 9, 1, 2, 3, 4, 5, 6), 'rendition');
    const now = app.clock.now();
    await app.ports.database.insert(schema.storedObject).values({
      id: app.ports.random.uuid(),
      hospitalId: film.hospitalId,
      instanceId: id,
      objectClass: 'rendition',
      generation: 1,
      ...row,
      createdAt: now,
    });
  }

  async function seeded(slice: number) {
    const rows = await app.ports.database
      .select()
      .from(schema.instance)
      .where(eq(schema.instance.sopInstanceUid, uidOf(slice)));
    const [row] = rows;
    if (row === undefined) throw new Error('not seeded');
    return { id: row.id, view: await openView(app.ports.fields, row, row.viewSealed ?? new Uint8Array(0)) };
  }

  async function sealedView(id: string, view: object) {
    const stored = view as StoredInstance; // made from one that seedFilm wrote
    return { viewSealed: await sealView(app.ports.fields, { hospitalId: film.hospitalId, id }, stored) };
  }

  const staff = (path: string, as = token) => app.ask(`/api/films/${film.filmId}/${path}`, { token: as });
  const mine = (path: string, as = me.token) => app.ask(`/api/patient/films/${film.filmId}/${path}`, { token: as });
  const shared = (path: string) => app.ask(`/api/share/${path}`, { token: shareToken });

  it('read a report to a doctor in full, and to a share with its names masked', async () => {
    const full = (await staff(`documents/${uidOf(0)}`)).json<StructuredDocument>();
    expect(full).toMatchObject({
      kind: 'structured-report',
      content: [{ value: { type: 'person', text: 'Wang Yi' } }],
    });
    const masked = (await shared(`documents/${uidOf(0)}`)).json<StructuredDocument>();
    expect(masked.content[0]?.value).toEqual({ type: 'person', text: 'W**' });
    const trail = await app.ports.database
      .select()
      .from(schema.auditEvent)
      .where(eq(schema.auditEvent.action, 'document-read'));
    expect(trail.map(({ actorKind, outcome }) => `${actorKind} ${outcome}`).sort()).toEqual(['share ok', 'staff ok']);
  });

  it('name nobody in full to staff whom the manifest names nobody in full', async () => {
    const manager = (await createSignedInStaff(app, 'north', 'film-manager')).accessToken;
    const read = (await staff(`documents/${uidOf(0)}`, manager)).json<StructuredDocument>();
    expect(read.content[0]?.value).toEqual({ type: 'person', text: 'W**' });
  });

  it('wait for the report: listed without title or button, and refused, to a share, until a doctor has approved', async () => {
    const reports = app.ports.database.update(schema.report);
    const ofStudy = eq(schema.report.studyId, film.studyId);
    await reports.set({ status: 'preliminary' }).where(ofStudy);
    const listed = async (manifest: FilmManifest) =>
      manifest.series.flatMap((series) => series.withoutImage).map(({ reason, ...rest }) => ({ ...rest, reason }));
    const waiting = { title: '', hasDocument: false, standing: 'waiting', reason: expect.stringContaining('尚未审核') };
    expect(await listed((await shared('film')).json())).toEqual([
      { sopInstanceUid: uidOf(0), kind: 'structured-report', ...waiting },
      { sopInstanceUid: uidOf(1), kind: 'pdf', ...waiting },
      { sopInstanceUid: uidOf(2), kind: 'pdf', ...waiting },
    ]);
    for (const slice of [0, 1]) {
      const answer = await shared(`documents/${uidOf(slice)}`);
      expect([answer.status, answer.json<{ code: string }>().code]).toEqual([409, 'document-not-released']);
    }
    const manager = (await createSignedInStaff(app, 'north', 'film-manager')).accessToken;
    expect((await staff(`documents/${uidOf(0)}`, manager)).status).toBe(409);
    const [toDoctor] = await listed((await app.ask(`/api/films/${film.filmId}`, { token })).json());
    expect(toDoctor).toMatchObject({ title: 'Draft of a finding', hasDocument: true, standing: 'unreviewed' });
    expect((await staff(`documents/${uidOf(0)}`)).status).toBe(200);
    const trail = await app.ports.database
      .select()
      .from(schema.auditEvent)
      .where(eq(schema.auditEvent.reason, 'document-not-released'));
    expect(trail.map(({ actorKind, outcome }) => `${actorKind} ${outcome}`)).toEqual([
      'share failed',
      'share failed',
      'staff failed',
    ]);
    await reports.set({ status: 'amended' }).where(ofStudy);
    const [toShare] = await listed((await shared('film')).json());
    expect(toShare).toMatchObject({ title: 'Draft of a finding', hasDocument: true });
    expect(toShare?.standing).toBeUndefined();
    await reports.set({ status: 'approved' }).where(ofStudy);
  });

  it('open without a report where a structured report is complete and verified by its own account', async () => {
    await app.ports.database
      .update(schema.report)
      .set({ status: 'preliminary' })
      .where(eq(schema.report.studyId, film.studyId));
    const { id, view } = await seeded(0);
    const listed = { kind: 'structured-report', title: '', hasDocument: true, isVerified: true };
    const sealed = await sealedView(id, { ...view, listed });
    await app.ports.database.update(schema.instance).set(sealed).where(eq(schema.instance.id, id));
    expect((await shared(`documents/${uidOf(0)}`)).status).toBe(200);
    expect((await shared(`documents/${uidOf(1)}`)).status).toBe(409);
    await app.ports.database
      .update(schema.report)
      .set({ status: 'approved' })
      .where(eq(schema.report.studyId, film.studyId));
  });

  it('hand out a PDF byte for byte, where nothing in it can run', async () => {
    const answer = await shared(`documents/${uidOf(1)}`);
    expect(answer.status).toBe(200);
    expect(Buffer.compare(answer.body, pdf)).toBe(0);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'inline; filename="document.pdf"',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
    });
  });

  it('hand out nothing that only calls itself a PDF', async () => {
    const answer = await staff(`documents/${uidOf(2)}`);
    expect([answer.status, answer.json<{ code: string }>().code]).toEqual([415, 'dicom-unsupported']);
  });

  it('give the bits of the frame that is asked for, and of no other', async () => {
    const asked = async (frame: number) => staff(`overlays/${uidOf(3)}/${0x6000}?frame=${frame}`);
    expect([...(await asked(2)).body]).toEqual([1, 2, 3]);
    expect([...(await asked(3)).body]).toEqual([4, 5, 6]);
    expect([...(await shared(`overlays/${uidOf(3)}/${0x6000}?frame=3`)).body]).toEqual([4, 5, 6]);
    expect(await Promise.all([1, 4].map(async (frame) => (await asked(frame)).status))).toEqual([404, 404]);
    expect((await staff(`overlays/${uidOf(3)}/${0x6002}`)).status).toBe(404);
  });

  it('wait their turn, and are sent away for a while where too many wait already', async () => {
    const ends: (() => void)[] = [];
    const { wholeReads } = app.ports;
    const held: Promise<unknown>[] = [];
    for (let isFull = false; !isFull; ) {
      const one = wholeReads.run(() => new Promise<void>((resolve) => ends.push(resolve)));
      isFull = (await Promise.race([one, Promise.resolve()])) !== undefined;
      if (!isFull) held.push(one);
    }
    const refused = await staff(`documents/${uidOf(0)}`);
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '2']);
    expect((await staff(`overlays/${uidOf(3)}/${0x6000}?frame=2`)).status).toBe(429);
    while (ends.length > 0) {
      for (const end of ends.splice(0)) end();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    await Promise.all(held);
    expect((await staff(`documents/${uidOf(0)}`)).status).toBe(200);
  });

  it('are for nobody else: other hospitals, images, objects of another film', async () => {
    const other = await seedFilm(app.ports, { hospitalId: 'south', slices: 1 });
    const stranger = (await createSignedInStaff(app, 'south')).accessToken;
    expect((await staff(`documents/${uidOf(0)}`, stranger)).status).toBe(404);
    expect((await staff(`documents/${uidOf(3)}`)).status).toBe(404);
    expect((await shared(`documents/${other.seriesInstanceUid}.1`)).status).toBe(404);
    const auditor = (await createSignedInStaff(app, 'north', 'auditor')).accessToken;
    expect((await staff(`documents/${uidOf(0)}`, auditor)).status).toBe(403);
    expect((await app.ask(`/api/share/documents/${uidOf(0)}`, {})).status).toBe(401);
  });

  it('read report, PDF and overlay to the patient whose film it is, names masked, and keep a record of it', async () => {
    const read = await mine(`documents/${uidOf(0)}`);
    expect(read.status).toBe(200);
    expect(read.json<StructuredDocument>().content[0]?.value).toEqual({ type: 'person', text: 'W**' });
    const held = await mine(`documents/${uidOf(1)}`);
    expect(Buffer.compare(held.body, pdf)).toBe(0);
    expect(held.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    });
    expect([...(await mine(`overlays/${uidOf(3)}/${0x6000}?frame=2`)).body]).toEqual([1, 2, 3]);
    const trail = await app.ports.database
      .select()
      .from(schema.auditEvent)
      .where(eq(schema.auditEvent.actorKind, 'person'));
    const ofDocuments = trail.filter(({ action }) => action === 'document-read');
    expect(ofDocuments.map(({ hospitalId, outcome }) => `${hospitalId} ${outcome}`)).toEqual(['north ok', 'north ok']);
  });

  it('are kept from a patient until the report is approved, and from anybody whose film it is not', async () => {
    const reports = app.ports.database.update(schema.report);
    const ofStudy = eq(schema.report.studyId, film.studyId);
    await reports.set({ status: 'preliminary' }).where(ofStudy);
    const waiting = await mine(`documents/${uidOf(1)}`);
    expect([waiting.status, waiting.json<{ code: string }>().code]).toEqual([409, 'document-not-released']);
    await reports.set({ status: 'approved' }).where(ofStudy);
    const other = await createBoundPerson(app, 2);
    for (const path of [`documents/${uidOf(1)}`, `overlays/${uidOf(3)}/${0x6000}?frame=2`]) {
      expect((await mine(path, other.token)).status).toBe(404);
      expect((await app.ask(`/api/patient/films/${film.filmId}/${path}`, {})).status).toBe(401);
    }
    const elsewhere = `/api/patient/films/${me.filmId}/documents/${uidOf(1)}`; // one's own film, another film's object
    expect((await app.ask(elsewhere, { token: me.token })).status).toBe(404);
  });
});
