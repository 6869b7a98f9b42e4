import { createHash } from 'node:crypto';
import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';
import { and, eq } from 'drizzle-orm';
import { sealView } from '../adapters/database/instance-view';
import { sealReportTexts } from '../adapters/database/report-versions';
import { sealSeriesTexts, sealStudyTexts } from '../adapters/database/study-texts';
import { bodyRegionsOf } from '../pipeline/index/body-regions';
import type { StoredInstance } from '../pipeline/transcode/stored-instance';
import type { Ports } from '../ports/ports';
import * as schema from '../ports/schema';

export interface SeededFilm {
  readonly hospitalId: string;
  readonly filmId: string;
  readonly studyId: string;
  readonly seriesInstanceUid: string;
  /** Each slice's bytes, in display order. */
  readonly frames: readonly Uint8Array[];
  /** Each slice's object key, in display order. */
  readonly objectKeys: readonly string[];
}

export interface SeedOptions {
  readonly hospitalId: string;
  readonly name?: string;
  readonly patientId?: string;
  readonly accessionNumber?: string;
  readonly slices?: number;
  /** Bytes of one slice; bands lie at a sixteenth, a quarter and the whole. */
  readonly sliceBytes?: number;
  /** A frame that decodes, for every slice, instead of bytes that look random. */
  readonly stored?: {
    readonly encoded: Uint8Array;
    readonly bands: readonly number[];
    readonly attributes: FrameAttributes;
  };
  readonly reportStatus?: 'preliminary' | 'approved' | 'amended' | 'withdrawn';
  readonly state?: 'waiting' | 'published' | 'held' | 'withdrawn';
  readonly sortAt?: Date;
}

type SeedPorts = Pick<Ports, 'database' | 'fields' | 'sealer' | 'keys' | 'objects' | 'random' | 'clock'>;

/** A CT study whose slices are really sealed and stored: rows and objects as the pipeline leaves them. */
export async function seedFilm(ports: SeedPorts, options: SeedOptions): Promise<SeededFilm> {
  const { hospitalId } = options;
  const now = ports.clock.now();
  const { database } = ports;
  const known = await database.select().from(schema.hospital).where(eq(schema.hospital.id, hospitalId));
  if (known.length === 0) {
    await database
      .insert(schema.hospital)
      .values({ id: hospitalId, code: hospitalId, name: `${hospitalId} 医院`, createdAt: now });
  }
  const [studyId, seriesId, filmId] = [ports.random.uuid(), ports.random.uuid(), ports.random.uuid()];
  const patientRow = await seedPatient(ports, options);
  const slices = options.slices ?? 5;
  const studyInstanceUid = `1.2.3.${parseInt(studyId.slice(0, 8), 16)}`;
  await database.insert(schema.study).values({
    id: studyId,
    hospitalId,
    patientId: patientRow,
    studyInstanceUid,
    ...(await sealStudyTexts(
      ports.fields,
      { hospitalId, id: studyId },
      {
        accessionNumber: options.accessionNumber ?? `A${studyId.slice(0, 8)}`,
        description: 'CHEST CT',
        bodyPart: 'CHEST',
      },
    )),
    studyAt: '2026-03-01T08:30:00',
    bodyRegions: bodyRegionsOf('CHEST'),
    modalities: 'CT',
    patientAge: '056Y',
    instanceCount: slices,
    receivedAt: now,
    updatedAt: now,
  });
  const seriesInstanceUid = `${studyInstanceUid}.1`;
  await database.insert(schema.series).values({
    id: seriesId,
    hospitalId,
    studyId,
    seriesInstanceUid,
    modality: 'CT',
    seriesNumber: 2,
    ...(await sealSeriesTexts(ports.fields, { hospitalId, id: seriesId }, { description: 'LUNG 1.0', bodyPart: '' })),
  });
  const frames: Uint8Array[] = [];
  const objectKeys: string[] = [];
  // Stored in the reverse of display order, so that the order has to be worked out.
  for (let slice = slices - 1; slice >= 0; slice--) {
    const bytes = options.stored?.encoded ?? sliceBytes(`${studyId} ${slice}`, options.sliceBytes ?? 40_000);
    frames.unshift(bytes);
    objectKeys.unshift(
      await seedInstance(ports, {
        hospitalId,
        studyId,
        seriesId,
        studyInstanceUid,
        slice,
        bytes,
        stored: options.stored,
        journalSequence: await nextSequence(ports),
      }),
    );
  }
  if (options.reportStatus !== undefined)
    await seedReport(ports, { hospitalId, studyId, studyInstanceUid, status: options.reportStatus });
  const state = options.state ?? 'published';
  await database.insert(schema.film).values({
    id: filmId,
    hospitalId,
    studyId,
    state,
    publishedAt: state === 'published' ? now : null,
    viewUntil: null,
    sortAt: options.sortAt ?? now,
    updatedAt: now,
  });
  return { hospitalId, filmId, studyId, seriesInstanceUid, frames, objectKeys };
}

/** The patient's row; one that stands already is used again. */
async function seedPatient(ports: SeedPorts, options: SeedOptions): Promise<string> {
  const { hospitalId, name = '张三丰' } = options;
  const { database, fields } = ports;
  const id = ports.random.uuid();
  const patientId = options.patientId ?? `P${id.slice(0, 8)}`;
  const patientIdIndex = await fields.blindIndex(hospitalId, 'patient-id', patientId);
  const { patient } = schema;
  const [known] = await database
    .select({ id: patient.id })
    .from(patient)
    .where(and(eq(patient.hospitalId, hospitalId), eq(patient.patientIdIndex, patientIdIndex)));
  if (known !== undefined) return known.id;
  const seal = (column: string, text: string) =>
    fields.seal({ tenantId: hospitalId, table: 'patient', column, rowId: id }, text);
  await database.insert(patient).values({
    id,
    hospitalId,
    patientIdIndex,
    patientIdSealed: await seal('patient_id_sealed', patientId),
    nameSealed: await seal('name_sealed', name),
    birthDateSealed: await seal('birth_date_sealed', '19700101'),
    sex: 'M',
    updatedAt: ports.clock.now(),
  });
  for (const token of new Set(await fields.nameTokens(hospitalId, name))) {
    await database.insert(schema.patientNameToken).values({ hospitalId, token, patientId: id });
  }
  return id;
}

async function nextSequence(ports: Pick<Ports, 'database'>): Promise<number> {
  return (await ports.database.select({ id: schema.instance.id }).from(schema.instance)).length + 1;
}

interface SeedInstance {
  readonly hospitalId: string;
  readonly studyId: string;
  readonly seriesId: string;
  readonly studyInstanceUid: string;
  readonly slice: number;
  readonly bytes: Uint8Array;
  readonly stored: SeedOptions['stored'];
  readonly journalSequence: number;
}

async function seedInstance(ports: SeedPorts, one: SeedInstance): Promise<string> {
  const { hospitalId, studyId, seriesId, studyInstanceUid, slice, bytes, stored, journalSequence } = one;
  const header = 300;
  const plain = new Uint8Array(header + bytes.length);
  plain.set(bytes, header);
  const sopInstanceUid = `${studyInstanceUid}.1.${slice + 1}`;
  const objectKey = `${hospitalId}/${studyInstanceUid}/${sopInstanceUid}.1`;
  const key = await ports.keys.studyKey(hospitalId, studyInstanceUid);
  const { sealed, receipt } = ports.sealer.seal(
    key,
    { tenantId: hospitalId, objectKey, objectClass: 'dicom', generation: 1 },
    plain,
  );
  await ports.objects.put(objectKey, sealed);
  const id = ports.random.uuid();
  const now = ports.clock.now();
  const view: StoredInstance = {
    common: stored === undefined ? attributes(sopInstanceUid, slice) : { ...stored.attributes, sopInstanceUid },
    frames: [{ offset: header, bands: stored?.bands ?? bandsOf(bytes.length) }],
    frameTimeMs: null,
    withoutImage: '',
  };
  await ports.database.insert(schema.instance).values({
    id,
    hospitalId,
    studyId,
    seriesId,
    studyInstanceUid,
    sopInstanceUid,
    journalSequence,
    sopClassUid: '1.2.840.10008.5.1.4.1.1.2',
    receivedTransferSyntaxUid: '1.2.840.10008.1.2.1',
    state: 'verified',
    receivedSm3: '0'.repeat(64),
    instanceNumber: slice + 1,
    frameCount: 1,
    viewSealed: await sealView(ports.fields, { hospitalId, id }, view),
    receivedAt: now,
    updatedAt: now,
  });
  await ports.database.insert(schema.storedObject).values({
    id: ports.random.uuid(),
    hospitalId,
    instanceId: id,
    objectKey,
    objectClass: 'dicom',
    generation: 1,
    keyId: receipt.keyId,
    cipherLength: receipt.cipherLength,
    plainLength: receipt.plainLength,
    commitment: receipt.commitment,
    plainSm3: receipt.plainSm3,
    createdAt: now,
    verifiedAt: now,
  });
  return objectKey;
}

export const bandsOf = (length: number): number[] => [Math.floor(length / 16), Math.floor(length / 4), length];

function attributes(sopInstanceUid: string, slice: number): FrameAttributes {
  return {
    sopInstanceUid,
    instanceNumber: slice + 1,
    frameNumber: 1,
    codec: 'htj2k',
    rendition: 'as-stored',
    rows: 512,
    columns: 512,
    samplesPerPixel: 1,
    bitsAllocated: 16,
    bitsStored: 12,
    isSigned: false,
    photometricInterpretation: 'MONOCHROME2',
    rescaleSlope: 1,
    rescaleIntercept: -1024,
    rescaleType: 'HU',
    modalityLut: null,
    voi: [{ center: 40, width: 400, explanation: '' }],
    voiLuts: [],
    voiLutFunction: 'LINEAR',
    imagePositionPatient: [-150, -150, 100 - slice * 2.5],
    imageOrientationPatient: [1, 0, 0, 0, 1, 0],
    pixelSpacing: [0.7, 0.7],
    pixelSpacingSource: 'patient',
    pixelAspectRatio: null,
    sliceThickness: 2.5,
    pixelPaddingValue: null,
    pixelPaddingRangeLimit: null,
    palette: null,
    overlays: [],
    ultrasoundRegions: [],
  };
}

async function seedReport(
  ports: SeedPorts,
  one: { hospitalId: string; studyId: string; studyInstanceUid: string; status: string },
): Promise<void> {
  const { hospitalId, studyId, studyInstanceUid, status } = one;
  const now = ports.clock.now();
  const [reportId, versionId] = [ports.random.uuid(), ports.random.uuid()];
  await ports.database.insert(schema.report).values({
    id: reportId,
    hospitalId,
    studyId,
    fillerOrderNumberIndex: reportId,
    accessionNumberIndex: '',
    studyInstanceUid,
    patientIdIndex: '',
    status,
    version: 1,
    updatedAt: now,
  });
  await ports.database.insert(schema.reportVersion).values({
    id: versionId,
    hospitalId,
    reportId,
    version: 1,
    status,
    ...(await sealReportTexts(ports.fields, hospitalId, versionId, {
      findings: '双肺纹理清晰。',
      impression: '未见异常。',
      reportingDoctor: '李医生',
      approvingDoctor: '王主任',
      examItem: '胸部CT平扫',
      messageControlId: reportId,
    })),
    reportedAt: now,
    approvedAt: now,
    sender: 'RIS',
    journalSequence: 1,
    receivedAt: now,
  });
}

/** Bytes that look random and are the same in every run. */
function sliceBytes(seed: string, length: number): Uint8Array {
  const out = Buffer.alloc(length);
  for (let at = 0; at < length; at += 32) createHash('sha256').update(`${seed} ${at}`).digest().copy(out, at);
  return new Uint8Array(out);
}
