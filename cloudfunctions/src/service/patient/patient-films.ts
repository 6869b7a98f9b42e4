import type { PatientFilmList, PatientFilmPage } from '@yingyun/shared/contract/patient-routes';
import { isProblem, type Problem, problem } from '@yingyun/shared/domain/problem';
import { filmsOfPerson, otherFilmsOfLink } from '../../adapters/database/patient-films';
import { type ApiPorts, platformTenant } from '../api-ports';
import type { PatientCaller } from '../caller';
import { type FramesInput, filmFrames } from '../film-frames';
import { filmManifest } from '../film-manifest';
import { formatCursor, parseCursor } from '../matching-films';
import { filmItems } from './film-items';
import { requireOwnFilm } from './require-own-film';

/** A person's other exams at one hospital; more than that is for the list. */
const maxOtherFilms = 50;

type Ports = Pick<ApiPorts, 'database' | 'audit' | 'fields' | 'layouts' | 'clock' | 'random'>;

/** The person's films over all their links, newest first, a page at a time. Problems: `invalid-request` (a cursor that is none). */
export async function patientFilms(
  ports: Ports,
  caller: PatientCaller,
  input: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<PatientFilmList | Problem> {
  const after = input.cursor === undefined ? undefined : parseCursor(input.cursor);
  if (input.cursor !== undefined && after === undefined) return problem('invalid-request', 'cursor');
  const rows = await filmsOfPerson(ports.database, caller.personId, ports.clock.now(), {
    after,
    limit: input.limit + 1,
  });
  const shown = rows.slice(0, input.limit);
  const films = await filmItems(ports, caller.personId, shown);
  await ports.audit.record(ports.database, {
    hospitalId: platformTenant,
    actor: { kind: 'person', id: caller.personId },
    action: 'film-list',
    object: { kind: 'person', id: caller.personId },
    outcome: 'ok',
    requestId: caller.requestId,
  });
  const last = shown.at(-1);
  const isMore = rows.length > input.limit && last !== undefined;
  return { films, nextCursor: isMore ? formatCursor({ sortAt: last.sortAt, id: last.filmId }) : null };
}

/** One of the person's films, with the same patient's others. Problems: `not-found`. */
export async function patientFilm(
  ports: Ports,
  caller: PatientCaller,
  input: { readonly filmId: string },
): Promise<PatientFilmPage | Problem> {
  const own = await requireOwnFilm(ports, caller, input.filmId, 'film-view');
  if (isProblem(own)) return own;
  const film = await filmManifest(ports, own.caller, input);
  if (isProblem(film)) return film;
  const others = await otherFilmsOfLink(ports.database, caller.personId, own.row, ports.clock.now(), maxOtherFilms);
  return { film, otherFilms: await filmItems(ports, caller.personId, others) };
}

/** Frames of one of the person's films, as filmFrames. Problems: `not-found`, `film-changed`. */
export async function patientFrames(
  ports: Ports & Pick<ApiPorts, 'objects' | 'sealer' | 'keys' | 'log' | 'transcoder'>,
  caller: PatientCaller,
  input: FramesInput,
): Promise<AsyncGenerator<Uint8Array> | Problem> {
  const own = await requireOwnFilm(ports, caller, input.filmId, 'frames-read');
  return isProblem(own) ? own : filmFrames(ports, own.caller, input);
}
