import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { isProblem, type Problem, problem } from '@yingyun/shared/domain/problem';
import { and, eq } from 'drizzle-orm';
import { recordOpening } from '../adapters/database/exam-openings';
import { openStudyText } from '../adapters/database/study-texts';
import type { Queryable } from '../ports/database';
import { film, hospital, patient, study } from '../ports/schema';
import type { ApiPorts } from './api-ports';
import { actorOf, type PatientFilmCaller, type ShareCaller, type StaffCaller } from './caller';
import { readsUnreviewed, seriesFor } from './document-standing';
import { studyTextsOf } from './film-list-rows';
import { maskedName } from './masked-name';
import { requirePermission } from './permissions';
import { countReportVersions, hasPublishedReport, publishedStatuses, reportOfStudy } from './report-of-study';
import { shownName } from './shown-name';
import type { StudyLayout } from './study-layout';

type Ports = Pick<ApiPorts, 'database' | 'audit' | 'fields' | 'layouts' | 'clock' | 'random'>;
type Caller = StaffCaller | ShareCaller | PatientFilmCaller;

/**
 * Everything a viewer needs before it asks for pixels (contract FilmManifest). A share and a person see their own film, with an approved
 * report or none; staff see any film of their hospital, with whatever report there is, and doctors the patient in full. Read anew on every call.
 * Problems: `forbidden`, `not-found`.
 */
export async function filmManifest(
  ports: Ports,
  caller: Caller,
  input: { readonly filmId: string },
): Promise<FilmManifest | Problem> {
  const film = await filmWithLayout(ports, caller, input);
  return isProblem(film) ? film : film.manifest;
}

/** `filmManifest` and where the frames it lists lie, for a use case that sends pixels along. */
export async function filmWithLayout(
  ports: Ports,
  caller: Caller,
  input: { readonly filmId: string },
): Promise<{ readonly manifest: FilmManifest; readonly layout: StudyLayout } | Problem> {
  if (caller.kind === 'staff') {
    const denied = await requirePermission(ports, caller, 'film.view', { kind: 'film', id: input.filmId });
    if (denied !== undefined) return denied;
  } else if (input.filmId !== caller.filmId) return problem('not-found');
  const row = await filmWithStudy(ports.database, caller.hospitalId, input.filmId);
  if (row === undefined) return problem('not-found');
  const statuses = caller.kind === 'staff' ? undefined : publishedStatuses;
  const [layout, found, isReported, texts, name] = await Promise.all([
    ports.layouts.fresh(ports.database, row.study),
    reportOfStudy(ports, caller.hospitalId, row.study.id, statuses),
    hasPublishedReport(ports.database, caller.hospitalId, row.study.id),
    studyTextsOf(ports.fields, { ...row.study, studyId: row.study.id }),
    ports.fields.open(
      { tenantId: caller.hospitalId, table: 'patient', column: 'name_sealed', rowId: row.patient.id },
      row.patient.nameSealed,
    ),
  ]);
  const isDoctor = readsUnreviewed(caller);
  const person = isDoctor ? { name: shownName(name), patientId: await openPatientId(ports, row.patient) } : {};
  const forDoctor = isDoctor
    ? {
        accessionNumber: await openStudyText(
          ports.fields,
          row.study,
          'accessionNumber',
          row.study.accessionNumberSealed,
        ),
        reportVersionCount: await countReportVersions(ports.database, caller.hospitalId, row.study.id),
      }
    : {};
  if (isDoctor) {
    await recordOpening(ports.database, {
      id: ports.random.uuid(),
      hospitalId: caller.hospitalId,
      staffId: caller.staffId,
      filmId: row.filmId,
      openedAt: ports.clock.now(),
    });
  }
  await ports.audit.record(ports.database, {
    hospitalId: caller.hospitalId,
    actor: actorOf(caller),
    action: 'film-view',
    object: { kind: 'film', id: row.filmId },
    outcome: 'ok',
    requestId: caller.requestId,
  });
  const reader = { hasPublishedReport: isReported, readsUnreviewed: isDoctor };
  const manifest: FilmManifest = {
    filmId: row.filmId,
    revision: layout.revision,
    hospitalName: row.hospitalName,
    examItem: firstText(found?.examItem, texts.description),
    modalities: row.study.modalities.split('\\').filter((modality) => modality !== ''),
    bodyPart: texts.bodyPart,
    examAt: row.study.studyAt,
    patient: { nameMasked: maskedName(name), sex: sexOf(row.patient.sex), age: row.study.patientAge, ...person },
    ...forDoctor,
    report: found?.report ?? null,
    completeness: completeness(layout.instanceCount, row.study.instanceCount),
    series: layout.series.map((one) => seriesFor(one.manifest, reader)),
  };
  return { manifest, layout };
}

function openPatientId(ports: Pick<ApiPorts, 'fields'>, row: typeof patient.$inferSelect): Promise<string> {
  const place = { tenantId: row.hospitalId, table: 'patient', column: 'patient_id_sealed', rowId: row.id };
  return ports.fields.open(place, row.patientIdSealed);
}

/** A film of this hospital with its study, patient and hospital name. */
export async function filmWithStudy(database: Queryable, hospitalId: string, filmId: string) {
  const rows = await database
    .select({ filmId: film.id, study, patient, hospitalName: hospital.name })
    .from(film)
    .innerJoin(study, eq(study.id, film.studyId))
    .innerJoin(patient, eq(patient.id, study.patientId))
    .innerJoin(hospital, eq(hospital.id, film.hospitalId))
    .where(and(eq(film.hospitalId, hospitalId), eq(film.id, filmId)));
  return rows[0];
}

/** Says what is known and no more: nothing has been compared with the PACS yet (design, "Completeness receipt"). */
function completeness(ready: number, known: number): FilmManifest['completeness'] {
  const text = ready >= known ? `${ready} 幅，未与 PACS 核对` : `已就绪 ${ready} / ${known} 幅，未与 PACS 核对`;
  return { instanceCount: ready, text };
}

export function sexOf(text: string): FilmManifest['patient']['sex'] {
  return text === 'M' || text === 'F' || text === 'O' ? text : '';
}

function firstText(...texts: readonly (string | undefined)[]): string {
  return texts.find((text) => text !== undefined && text !== '') ?? '';
}
