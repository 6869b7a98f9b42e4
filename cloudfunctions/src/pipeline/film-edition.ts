import type { FilmState, ReportStatus } from '@yingyun/shared/domain/instance-state';
import { currentVersionsOfStudy } from '../adapters/database/reports';
import type { Queryable } from '../ports/database';

/** The version of a report that counts, and the number of its message in the journal. */
export interface CurrentVersion {
  readonly status: ReportStatus;
  readonly journalSequence: number;
}

/** Of each of the study's reports. */
export async function currentVersions(database: Queryable, studyId: string): Promise<CurrentVersion[]> {
  return (await currentVersionsOfStudy(database, studyId)).map(({ status, journalSequence }) => ({
    status: status as ReportStatus, // only file-report writes it, from the union
    journalSequence,
  }));
}

/** The versions that a film in this state is about: "12", or "12+15" where it has two reports; '' where there is nothing to tell. */
export function editionOf(state: FilmState, reports: readonly CurrentVersion[]): string {
  if (state !== 'published' && state !== 'withdrawn') return '';
  const sequences = reports.flatMap((one) => (one.status === 'preliminary' ? [] : [one.journalSequence]));
  return [...new Set(sequences)].sort((a, b) => a - b).join('+');
}
