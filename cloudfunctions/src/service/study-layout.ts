import { createHash } from 'node:crypto';
import type { FrameAttributes, ObjectWithoutImage, SeriesManifest } from '@yingyun/shared/contract/film-manifest';
import { openView } from '../adapters/database/instance-view';
import { openSeriesText, openStudyText, type SeriesTexts } from '../adapters/database/study-texts';
import type { SealedObjectRow } from '../pipeline/read-stored-object';
import type { StoredFrame, StoredInstance } from '../pipeline/transcode/stored-instance';
import type { Queryable } from '../ports/database';
import type { FieldCipher } from '../ports/field-cipher';
import { factorOut } from './common-attributes';
import { waitsForReport } from './document-standing';
import { inDisplayOrder } from './frame-order';
import { type InstanceRow, readyInstances, type SeriesRow, seriesOfStudy } from './study-rows';
import { windowPresetsOf } from './window-presets';
import { reasonWithoutImage } from './without-image-text-zh';

/**
 * Where each frame of a study lies, in the order in which the manifest lists them. Documents stand as if no report were approved: what
 * a reader sees of them is `seriesFor`.
 */
export interface StudyLayout {
  /** 16 hex digits over order, identity and bands of all frames: equal revisions mean equal frame numbers. */
  readonly revision: string;
  readonly instanceCount: number;
  readonly series: readonly SeriesLayout[];
}

export interface SeriesLayout {
  readonly manifest: SeriesManifest;
  readonly frames: readonly FrameLocation[];
}

export interface FrameLocation {
  readonly object: SealedObjectRow;
  /** Byte offset in the object's plaintext. */
  readonly offset: number;
  readonly bands: readonly number[];
}

export interface StudyKey {
  readonly id: string;
  readonly hospitalId: string;
  readonly bodyPartSealed: Uint8Array;
  readonly updatedAt: Date;
}

export interface StudyLayouts {
  /** The layout at `study.updatedAt`, from memory where it is known. */
  of(database: Queryable, study: StudyKey): Promise<StudyLayout>;
  /** Read anew, and remembered. */
  fresh(database: Queryable, study: StudyKey): Promise<StudyLayout>;
}

const maxFramesRemembered = 100_000;

/** Remembers layouts, least recently used out first, so that a batch of frames needs no question to the database. */
export function createStudyLayouts(fields: FieldCipher): StudyLayouts {
  const known = new Map<
    string,
    { readonly updatedAt: number; readonly layout: Promise<StudyLayout>; frames: number }
  >();
  let total = 0;
  const forget = (id: string): void => {
    total -= known.get(id)?.frames ?? 0;
    known.delete(id);
  };
  const fresh = (database: Queryable, study: StudyKey): Promise<StudyLayout> => {
    forget(study.id);
    const entry = { updatedAt: study.updatedAt.getTime(), layout: readStudyLayout(fields, database, study), frames: 0 };
    known.set(study.id, entry);
    entry.layout.then(
      (layout) => {
        if (known.get(study.id) !== entry) return;
        entry.frames = layout.series.reduce((sum, one) => sum + one.frames.length, 1);
        total += entry.frames;
        for (const id of known.keys()) if (total > maxFramesRemembered && id !== study.id) forget(id);
      },
      () => {
        if (known.get(study.id) === entry) known.delete(study.id);
      },
    );
    return entry.layout;
  };
  return {
    fresh,
    of(database, study) {
      const entry = known.get(study.id);
      if (entry === undefined || entry.updatedAt !== study.updatedAt.getTime()) return fresh(database, study);
      known.delete(study.id);
      known.set(study.id, entry);
      return entry.layout;
    },
  };
}

async function readStudyLayout(fields: FieldCipher, database: Queryable, study: StudyKey): Promise<StudyLayout> {
  const seriesRows = await seriesOfStudy(database, study.hospitalId, study.id);
  const instances = await readyInstances(
    database,
    study.hospitalId,
    seriesRows.map((row) => row.id),
  );
  const studyBodyPart = await openStudyText(fields, study, 'bodyPart', study.bodyPartSealed);
  const opened = seriesRows.map(async (row) =>
    seriesLayout(
      await openSeries(fields, row, studyBodyPart),
      await openInstances(fields, study.hospitalId, instances.get(row.id) ?? []),
    ),
  );
  const layouts = (await Promise.all(opened)).filter(
    (one) => one.frames.length > 0 || one.manifest.withoutImage.length > 0,
  );
  const hash = createHash('sha256');
  for (const { manifest, frames } of layouts) {
    hash.update(`\n${manifest.seriesInstanceUid}`);
    for (const { object, offset, bands } of frames) {
      hash.update(`\n${object.objectKey} ${object.generation} ${offset} ${bands.join(',')}`);
    }
  }
  const instanceCount = [...instances.values()].reduce((sum, rows) => sum + rows.length, 0);
  return { revision: hash.digest('hex').slice(0, 16), instanceCount, series: layouts };
}

interface Placed {
  readonly attributes: FrameAttributes;
  readonly object: SealedObjectRow;
  readonly frame: StoredFrame;
}

type OpenedSeries = Pick<SeriesRow, 'seriesInstanceUid' | 'seriesNumber' | 'modality'> & SeriesTexts;
type OpenedInstance = Pick<InstanceRow, 'sopInstanceUid' | 'object' | 'rendition'> & {
  readonly stored: StoredInstance;
};

/** A series without a body part of its own has its study's. */
async function openSeries(fields: FieldCipher, row: SeriesRow, studyBodyPart: string): Promise<OpenedSeries> {
  const { seriesInstanceUid, seriesNumber, modality } = row;
  const [description, bodyPart] = await Promise.all([
    openSeriesText(fields, row, 'description', row.descriptionSealed),
    openSeriesText(fields, row, 'bodyPart', row.bodyPartSealed),
  ]);
  return { seriesInstanceUid, seriesNumber, modality, description, bodyPart: bodyPart || studyBodyPart };
}

function openInstances(
  fields: FieldCipher,
  hospitalId: string,
  rows: readonly InstanceRow[],
): Promise<OpenedInstance[]> {
  return Promise.all(
    rows.map(async ({ id, viewSealed, ...row }) => ({
      ...row,
      stored: await openView(fields, { hospitalId, id }, viewSealed),
    })),
  );
}

function seriesLayout(row: OpenedSeries, instances: readonly OpenedInstance[]): SeriesLayout {
  const placed: Placed[] = [];
  const withoutImage: ObjectWithoutImage[] = [];
  let frameTimeMs: number | null = null;
  const vectors: (readonly number[])[] = [];
  for (const instance of instances) {
    const { stored } = instance;
    if (stored.withoutImage !== '' || stored.listed !== undefined) {
      withoutImage.push(listed(instance.sopInstanceUid, stored));
      continue;
    }
    const isDerived = stored.common.rendition === 'derived';
    const object = isDerived ? instance.rendition : instance.object;
    // Its row is written together with the other's: without it there is nothing to read.
    if (object === undefined) {
      withoutImage.push(listed(instance.sopInstanceUid, { ...stored, withoutImage: 'codec-not-viewable' }));
      continue;
    }
    frameTimeMs ??= stored.frameTimeMs;
    if (stored.frameTimeVectorMs !== undefined) vectors.push(stored.frameTimeVectorMs);
    for (const frame of stored.frames) {
      placed.push({ attributes: { ...stored.common, ...frame.differs }, object, frame });
    }
  }
  const ordered = inDisplayOrder(placed, (entry) => entry.attributes);
  const { common, rest } = factorOut(ordered.map((entry) => entry.attributes));
  return {
    manifest: {
      seriesInstanceUid: row.seriesInstanceUid,
      seriesNumber: row.seriesNumber,
      modality: row.modality,
      description: row.description,
      frameTimeMs,
      // Only of a series that is one cine: otherwise no frame's time is this one's.
      ...(vectors[0]?.length === ordered.length ? { frameTimeVectorMs: vectors[0] } : {}),
      windowPresets: windowPresetsOf(row.modality, row.bodyPart),
      common,
      frames: ordered.map((entry, i) => ({ ...rest[i], bands: entry.frame.bands })),
      withoutImage,
    },
    frames: ordered.map(({ object, frame }) => ({ object, offset: frame.offset, bands: frame.bands })),
  };
}

function listed(sopInstanceUid: string, { listed, withoutImage }: StoredInstance): ObjectWithoutImage {
  const { kind, title, hasDocument } = listed ?? { kind: 'other', title: '', hasDocument: false };
  const waits = listed !== undefined && waitsForReport(listed, false) ? ({ standing: 'unreviewed' } as const) : {};
  return { sopInstanceUid, kind, title, hasDocument, reason: reasonWithoutImage(kind, withoutImage), ...waits };
}
