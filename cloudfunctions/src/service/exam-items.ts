import type { ExamListItem } from '@yingyun/shared/contract/exam-routes';
import { openingsOf } from '../adapters/database/exam-openings';
import { openStudyText } from '../adapters/database/study-texts';
import type { ApiPorts } from './api-ports';
import type { StaffCaller } from './caller';
import { filmStateOf, reportStatuses, studyTextsOf } from './film-list-rows';
import { sexOf } from './film-manifest';
import type { MatchingFilm } from './matching-films';
import { shownName } from './shown-name';

/** Rows as a doctor's list shows them. */
export async function examItems(
  ports: Pick<ApiPorts, 'database' | 'fields'>,
  caller: StaffCaller,
  found: readonly MatchingFilm[],
): Promise<ExamListItem[]> {
  const reports = await reportStatuses(
    ports,
    found.map(({ row }) => row.studyId),
  );
  const openings = await openingsOf(
    ports.database,
    caller.staffId,
    found.map(({ row }) => row.filmId),
  );
  return Promise.all(
    found.map(async ({ row, name }) => {
      const report = reports.get(row.studyId);
      const study = { hospitalId: row.hospitalId, id: row.studyId };
      const { description, bodyPart } = await studyTextsOf(ports.fields, row);
      const place = {
        tenantId: caller.hospitalId,
        table: 'patient',
        column: 'patient_id_sealed',
        rowId: row.patientId,
      };
      return {
        filmId: row.filmId,
        patientName: shownName(name),
        patientId: await ports.fields.open(place, row.patientIdSealed),
        sex: sexOf(row.sex),
        age: row.age,
        accessionNumber: await openStudyText(ports.fields, study, 'accessionNumber', row.accessionNumberSealed),
        examItem: report?.examItem || description,
        modalities: row.modalities.split('\\').filter((modality) => modality !== ''),
        bodyPart,
        examAt: row.studyAt,
        instanceCount: row.instanceCount,
        state: filmStateOf(row.state),
        reportStatus: report?.status ?? 'none',
        reading: readingOf(openings.get(row.filmId), row.studyUpdatedAt, report?.updatedAt),
      };
    }),
  );
}

function readingOf(openedAt: Date | undefined, ...changedAt: (Date | undefined)[]): ExamListItem['reading'] {
  if (openedAt === undefined) return 'new';
  return changedAt.some((at) => at !== undefined && at > openedAt) ? 'changed' : 'read';
}
