import type { CreatedPatientShare, PatientShareItem, PatientShareList } from '@yingyun/shared/contract/patient-routes';
import type { ShareItem } from '@yingyun/shared/contract/routes';
import { isProblem, type Problem, problem } from '@yingyun/shared/domain/problem';
import { filmOfPerson } from '../../adapters/database/patient-films';
import { revokeShareOfPerson, sharesOfPerson } from '../../adapters/database/person-shares';
import { lockPerson } from '../../adapters/database/persons';
import { openStudyText } from '../../adapters/database/study-texts';
import { type ApiPorts, platformTenant } from '../api-ports';
import type { PatientCaller } from '../caller';
import { reportStatuses } from '../film-list-rows';
import { makeShare } from '../make-share';
import { shareItem } from '../share-item';
import { filmItems } from './film-items';
import { requireOwnFilm } from './require-own-film';

const maxListed = 200;

type Purpose = PatientShareItem['purpose'];

/** A link and a passcode for one of the person's own films; both are answered once. Problems: `not-found`. */
export async function createPatientShare(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'fields' | 'secrets' | 'clock' | 'random' | 'publicUrl'>,
  caller: PatientCaller,
  input: {
    readonly filmId: string;
    readonly expiresInHours: number;
    readonly maxViews: number;
    readonly purpose: Purpose;
  },
): Promise<CreatedPatientShare | Problem> {
  const own = await requireOwnFilm(ports, caller, input.filmId, 'share-create');
  if (isProblem(own)) return own;
  const [item] = await filmItems(ports, caller.personId, [own.row]);
  const share = await makeShare(ports, caller, own.row.hospitalId, input, async (transaction) => {
    await lockPerson(transaction, caller.personId); // a link that is removed now takes this share with it, or is seen here
    const seen = await filmOfPerson(transaction, caller.personId, input.filmId, ports.clock.now());
    return seen !== undefined;
  });
  if (isProblem(share)) return share;
  return {
    ...share,
    purpose: input.purpose,
    filmId: own.row.filmId,
    examItem: item?.examItem ?? '',
    examAt: own.row.studyAt,
    lastViewedAt: null,
  };
}

/** Every share the person made, newest first, whatever has become of it. */
export async function patientShares(
  ports: Pick<ApiPorts, 'database' | 'fields' | 'clock'>,
  caller: PatientCaller,
): Promise<PatientShareList> {
  const rows = await sharesOfPerson(ports.database, caller.personId, maxListed);
  const reports = await reportStatuses(
    ports,
    rows.map((row) => row.studyId),
  );
  const now = ports.clock.now();
  return {
    shares: await Promise.all(
      rows.map(async ({ share, studyId, descriptionSealed, studyAt }) => ({
        ...shareItem(share, now),
        purpose: purposeOf(shareItem(share, now).purpose),
        filmId: share.filmId,
        examItem:
          reports.get(studyId)?.examItem ||
          (await openStudyText(
            ports.fields,
            { hospitalId: share.hospitalId, id: studyId },
            'description',
            descriptionSealed,
          )),
        examAt: studyAt,
        lastViewedAt: share.lastViewedAt?.toISOString() ?? null,
      })),
    ),
  };
}

/** Closes a link that the person made, and every session opened through it, from the next request on. Problems: `not-found`. */
export async function revokePatientShare(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'clock'>,
  caller: PatientCaller,
  input: { readonly shareId: string },
): Promise<Record<string, never> | Problem> {
  const now = ports.clock.now();
  return ports.database.transaction(async (transaction) => {
    const revoked = await revokeShareOfPerson(transaction, caller.personId, input.shareId, now);
    await ports.audit.record(transaction, {
      hospitalId: revoked?.hospitalId ?? platformTenant,
      actor: { kind: 'person', id: caller.personId },
      action: 'share-revoke',
      object: { kind: 'share', id: input.shareId },
      outcome: revoked === undefined ? 'denied' : 'ok',
      ...(revoked === undefined ? { reason: 'not-found' } : {}),
      requestId: caller.requestId,
    });
    return revoked === undefined ? problem('not-found') : {};
  });
}

/** A person chooses from three; 'patient' is what only staff choose. */
function purposeOf(purpose: ShareItem['purpose']): Purpose {
  return purpose === 'patient' ? 'family' : purpose;
}
