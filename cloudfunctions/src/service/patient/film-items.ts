import type { PatientFilmItem } from '@yingyun/shared/contract/patient-routes';
import type { PatientFilmRow } from '../../adapters/database/patient-films';
import { activeShareCounts } from '../../adapters/database/shares';
import type { ApiPorts } from '../api-ports';
import { reportStatuses, studyTextsOf } from '../film-list-rows';
import { maskedName } from '../masked-name';

/** Films as their person's list shows them: names masked, nothing of a report that is not approved, the person's own shares counted. */
export async function filmItems(
  ports: Pick<ApiPorts, 'database' | 'fields' | 'clock'>,
  personId: string,
  rows: readonly PatientFilmRow[],
): Promise<PatientFilmItem[]> {
  const filmIds = rows.map((row) => row.filmId);
  const shares = await activeShareCounts(ports.database, filmIds, ports.clock.now(), personId);
  const reports = await reportStatuses(
    ports,
    rows.map((row) => row.studyId),
  );
  return Promise.all(
    rows.map(async (row) => {
      const place = { tenantId: row.hospitalId, table: 'patient', column: 'name_sealed', rowId: row.patientId };
      const { description, bodyPart } = await studyTextsOf(ports.fields, row);
      const report = reports.get(row.studyId);
      const isApproved = report?.status === 'approved' || report?.status === 'amended';
      return {
        filmId: row.filmId,
        hospitalName: row.hospitalName,
        nameMasked: maskedName(await ports.fields.open(place, row.nameSealed)),
        examItem: (isApproved ? report.examItem : '') || description,
        modalities: row.modalities.split('\\').filter((modality) => modality !== ''),
        bodyPart,
        examAt: row.studyAt,
        instanceCount: row.instanceCount,
        reportStatus: report?.status === 'approved' || report?.status === 'amended' ? report.status : 'none',
        viewUntil: row.viewUntil?.toISOString() ?? null,
        activeShares: shares.get(row.filmId) ?? 0,
      };
    }),
  );
}
