import type { ObjectWithoutImage, SeriesManifest } from '@yingyun/shared/contract/film-manifest';
import type { StoredInstance } from '../pipeline/transcode/stored-instance';
import type { StaffCaller } from './caller';
import type { FilmCaller } from './film-object';
import { hasPermission } from './permissions';
import { waitingReason } from './without-image-text-zh';

type Listed = NonNullable<StoredInstance['listed']>;

/**
 * Whether what an object says still waits for a doctor's approval (docs/adr/0023-documents-wait-for-the-report.md): every document of a
 * film without an approved report, but for a structured report that is complete and verified by its own account.
 */
export function waitsForReport({ hasDocument, isVerified }: Listed, hasPublishedReport: boolean): boolean {
  return hasDocument && isVerified !== true && !hasPublishedReport;
}

/** Doctors of the hospital read what isn't approved yet; patients, shares and other staff don't. */
export function readsUnreviewed(caller: FilmCaller): caller is StaffCaller {
  return caller.kind === 'staff' && hasPermission(caller, 'exam.read');
}

/**
 * A series as its reader may see it, from one whose documents stand as 'unreviewed' wherever they say nothing for themselves. What waits
 * keeps its kind and loses its title: a title can tell the finding.
 */
export function seriesFor(
  series: SeriesManifest,
  reader: { readonly hasPublishedReport: boolean; readonly readsUnreviewed: boolean },
): SeriesManifest {
  if (series.withoutImage.every((object) => object.standing === undefined)) return series;
  const shown = ({ standing, ...object }: ObjectWithoutImage): ObjectWithoutImage => {
    if (standing === undefined || reader.hasPublishedReport) return object;
    if (reader.readsUnreviewed) return { ...object, standing };
    return { ...object, title: '', hasDocument: false, standing: 'waiting', reason: waitingReason };
  };
  return { ...series, withoutImage: series.withoutImage.map(shown) };
}
