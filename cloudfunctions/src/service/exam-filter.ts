import type { BodyRegion, ExamListItem } from '@yingyun/shared/contract/exam-routes';
import { and, eq, gte, inArray, lt, or, type SQL, sql } from 'drizzle-orm';
import type { Queryable } from '../ports/database';
import { film, report, study } from '../ports/schema';

export interface ExamFilters {
  readonly modalities: readonly string[];
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly state?: ExamListItem['state'] | undefined;
  readonly reportStatus?: ExamListItem['reportStatus'] | undefined;
  readonly bodyRegion?: BodyRegion | undefined;
}

/** Condition for all filters that are set. Undefined: none is. */
export function examFilter(database: Queryable, hospitalId: string, filters: ExamFilters): SQL | undefined {
  return and(
    filters.modalities.length === 0 ? undefined : or(...filters.modalities.map(hasModality)),
    filters.from === undefined ? undefined : gte(film.sortAt, startOfDay(filters.from)),
    filters.to === undefined ? undefined : lt(film.sortAt, new Date(startOfDay(filters.to).getTime() + dayMs)),
    filters.state === undefined ? undefined : eq(film.state, filters.state),
    filters.reportStatus === undefined ? undefined : hasReport(database, hospitalId, filters.reportStatus),
    filters.bodyRegion === undefined
      ? undefined
      : inArray(sql`upper(${study.bodyPart})`, [...bodyPartsOf[filters.bodyRegion]]),
  );
}

const dayMs = 86_400_000;

/** Days are the hospital's: UTC+8 the whole year (`sort_at` is reckoned the same way, pipeline/publish/sort-instant.ts). */
function startOfDay(day: string): Date {
  return new Date(`${day}T00:00:00+08:00`);
}

/** `study.modalities` is "CT\SR": the separators on both sides keep CT from matching CTPROTOCOL. */
function hasModality(modality: string): SQL {
  return sql`${'\\'} || ${study.modalities} || ${'\\'} like ${`%\\${modality}\\%`} escape '!'`;
}

/** A study with two reports counts for the status of either. */
function hasReport(database: Queryable, hospitalId: string, status: ExamListItem['reportStatus']): SQL {
  const reported = (only?: SQL) =>
    database
      .select({ id: report.id })
      .from(report)
      .where(and(eq(report.hospitalId, hospitalId), eq(report.studyId, study.id), only));
  return status === 'none' ? sql`not exists ${reported()}` : sql`exists ${reported(eq(report.status, status))}`;
}

/** Body Part Examined (PS3.16 Annex L, and what devices write besides), upper case. */
const bodyPartsOf: Readonly<Record<BodyRegion, readonly string[]>> = {
  head: [
    'HEAD',
    'BRAIN',
    'SKULL',
    'FACE',
    'ORBIT',
    'EYE',
    'EAR',
    'SINUS',
    'PITUITARY',
    'IAC',
    'JAW',
    'TMJ',
    'HEADNECK',
  ],
  neck: ['NECK', 'THYROID', 'LARYNX', 'CAROTID', 'HEADNECK'],
  chest: ['CHEST', 'LUNG', 'THORAX', 'RIB', 'RIBS', 'STERNUM', 'CLAVICLE', 'CHESTABDOMEN', 'CHESTABDPELVIS'],
  heart: ['HEART', 'CORONARYARTERY', 'CARDIAC', 'AORTA'],
  breast: ['BREAST'],
  abdomen: [
    'ABDOMEN',
    'LIVER',
    'KIDNEY',
    'PANCREAS',
    'SPLEEN',
    'GALLBLADDER',
    'STOMACH',
    'COLON',
    'ABDOMENPELVIS',
    'CHESTABDOMEN',
    'CHESTABDPELVIS',
  ],
  pelvis: ['PELVIS', 'PROSTATE', 'UTERUS', 'OVARY', 'BLADDER', 'HIP', 'ABDOMENPELVIS', 'CHESTABDPELVIS'],
  spine: ['SPINE', 'CSPINE', 'TSPINE', 'LSPINE', 'SSPINE', 'COCCYX', 'SACRUM', 'WHOLESPINE', 'LUMBARSPINE'],
  'upper-limb': ['SHOULDER', 'HUMERUS', 'ELBOW', 'FOREARM', 'WRIST', 'HAND', 'FINGER', 'ARM', 'SCAPULA', 'EXTREMITY'],
  'lower-limb': ['FEMUR', 'KNEE', 'TIBIA', 'FIBULA', 'ANKLE', 'FOOT', 'TOE', 'LEG', 'CALCANEUS', 'EXTREMITY'],
};
