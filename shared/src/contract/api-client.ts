import type * as v from 'valibot';
import type { ProblemCode } from '../domain/problem';
import type { ExamList, ExamReports, RelatedExams } from './exam-routes';
import type { FilmManifest } from './film-manifest';
import type { ExamMarks, MarksSaved } from './mark-routes';
import type {
  CodeSent,
  CreatedPatientShare,
  LinkStarted,
  PatientAccount,
  PatientFilmList,
  PatientFilmPage,
  PatientLinkItem,
  PatientShareList,
  PatientSignedIn,
} from './patient-routes';
import type { RouteContract } from './route-contract';
import type {
  CreatedShare,
  FilmList,
  OpenedShare,
  ProblemBody,
  RouteName,
  routes,
  ShareAccess,
  ShareList,
  SignedIn,
} from './routes';

/**
 * The API as callers see it (design D8). Types come from `routes`; at run time only this file travels, no schema library:
 * it must run in a mini-program, where fetch, URL, Headers and Proxy don't exist.
 */

type Routes = typeof routes;

/** Method and path of each route; the compiler holds this table equal to the contract. */
const endpoints = {
  openShare: 'POST /api/shares/open',
  renewShare: 'POST /api/share/renew',
  sharedFilm: 'GET /api/share/film',
  sharedFrames: 'GET /api/share/frames',
  signIn: 'POST /api/staff/sign-in',
  signOut: 'POST /api/staff/sign-out',
  listFilms: 'POST /api/films/search',
  film: 'GET /api/films/:filmId',
  filmFrames: 'GET /api/films/:filmId/frames',
  createShare: 'POST /api/films/:filmId/shares',
  listShares: 'GET /api/films/:filmId/shares',
  revokeShare: 'POST /api/shares/:shareId/revoke',
  sharedDocument: 'GET /api/share/documents/:sopInstanceUid',
  sharedOverlay: 'GET /api/share/overlays/:sopInstanceUid/:group',
  filmDocument: 'GET /api/films/:filmId/documents/:sopInstanceUid',
  filmOverlay: 'GET /api/films/:filmId/overlays/:sopInstanceUid/:group',
  patientDocument: 'GET /api/patient/films/:filmId/documents/:sopInstanceUid',
  patientOverlay: 'GET /api/patient/films/:filmId/overlays/:sopInstanceUid/:group',
  searchExams: 'POST /api/exams/search',
  relatedExams: 'GET /api/exams/:filmId/related',
  examReports: 'GET /api/exams/:filmId/reports',
  examMarks: 'GET /api/exams/:filmId/marks',
  saveExamMarks: 'POST /api/exams/:filmId/marks/:seriesInstanceUid',
  sendSignInCode: 'POST /api/patient/codes',
  signInPatient: 'POST /api/patient/sign-in',
  renewPatient: 'POST /api/patient/renew',
  signOutPatient: 'POST /api/patient/sign-out',
  patientAccount: 'GET /api/patient/account',
  startLink: 'POST /api/patient/links/start',
  confirmLink: 'POST /api/patient/links/confirm',
  removeLink: 'POST /api/patient/links/:linkId/remove',
  patientFilms: 'GET /api/patient/films',
  patientFilm: 'GET /api/patient/films/:filmId',
  patientFrames: 'GET /api/patient/films/:filmId/frames',
  createPatientShare: 'POST /api/patient/films/:filmId/shares',
  patientShares: 'GET /api/patient/shares',
  revokePatientShare: 'POST /api/patient/shares/:shareId/revoke',
} as const satisfies { [N in RouteName]: `${Routes[N]['method']} ${Routes[N]['path']}` };

/** What each JSON route answers on success; the frames routes answer `application/vnd.yingyun.frames` and aren't called here. */
export interface Answers {
  openShare: OpenedShare;
  renewShare: ShareAccess;
  sharedFilm: FilmManifest;
  signIn: SignedIn;
  signOut: unknown;
  listFilms: FilmList;
  film: FilmManifest;
  createShare: CreatedShare;
  listShares: ShareList;
  revokeShare: unknown;
  searchExams: ExamList;
  relatedExams: RelatedExams;
  examReports: ExamReports;
  examMarks: ExamMarks;
  saveExamMarks: MarksSaved;
  sendSignInCode: CodeSent;
  signInPatient: PatientSignedIn;
  renewPatient: PatientSignedIn;
  signOutPatient: unknown;
  patientAccount: PatientAccount;
  startLink: LinkStarted;
  confirmLink: PatientLinkItem;
  removeLink: unknown;
  patientFilms: PatientFilmList;
  patientFilm: PatientFilmPage;
  createPatientShare: CreatedPatientShare;
  patientShares: PatientShareList;
  revokePatientShare: unknown;
}

type Part<R extends RouteContract, K extends 'params' | 'query' | 'body'> = R[K] extends v.GenericSchema
  ? { readonly [P in K]: v.InferInput<R[K]> }
  : { readonly [P in K]?: undefined };

/** A route's input as callers write it, before the server's defaults. `token` for every audience but 'public'. */
export type Input<N extends RouteName> = Part<Routes[N], 'params'> &
  Part<Routes[N], 'query'> &
  Part<Routes[N], 'body'> &
  (Routes[N]['audience'] extends 'public' ? { readonly token?: undefined } : { readonly token: string });

/** What every `Input` is, once the route no longer matters. */
interface AnyInput {
  readonly params?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, string | number | undefined>> | undefined;
  readonly body?: unknown;
  readonly token?: string | undefined;
}

export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  /** Path and query, percent-encoded. Never holds a token. */
  readonly path: string;
  /** To be sent as JSON. */
  readonly body?: unknown;
  /** To be sent as `Authorization: Bearer`. */
  readonly token?: string;
}

/** Carries one request; resolves with whatever the server answered (body parsed as JSON, null where it isn't), rejects off-line. */
export type Send = (request: ApiRequest) => Promise<{ readonly status: number; readonly body: unknown }>;

export interface ApiFailure {
  readonly ok: false;
  /** HTTP status; 0: no answer came. */
  readonly status: number;
  readonly code: ProblemCode | 'offline';
  /** Chinese, to be shown; '' where the server gave none. */
  readonly message: string;
  readonly retryAfterSeconds: number | undefined;
}

export type ApiResult<T> = { readonly ok: true; readonly value: T } | ApiFailure;

export interface ApiClient {
  call<N extends keyof Answers>(route: N, input: Input<N>): Promise<ApiResult<Answers[N]>>;
}

/** A client over any transport. Never throws for what a server or network does: failures are values. */
export function createApiClient(send: Send): ApiClient {
  return {
    async call<N extends keyof Answers>(route: N, input: Input<N>): Promise<ApiResult<Answers[N]>> {
      const { params, query, body, token } = input as AnyInput; // the compiler can't narrow the input of a route it doesn't know yet
      const request: ApiRequest = {
        ...endpointOf(route, params, query),
        ...(body === undefined ? {} : { body }),
        ...(token === undefined ? {} : { token }),
      };
      const answer = await send(request).catch(() => undefined);
      if (answer === undefined) return failure(0, { code: 'offline' });
      if (answer.status < 200 || answer.status > 299) return failure(answer.status, answer.body);
      return { ok: true, value: answer.body as Answers[N] }; // the server's answer is typed by the contract, its tests hold it there
    },
  };
}

/** Method and path with parameters and query filled in. Undefined values are left out. */
export function endpointOf(
  route: RouteName,
  params: Readonly<Record<string, string>> = {},
  query: Readonly<Record<string, string | number | undefined>> = {},
): { readonly method: 'GET' | 'POST'; readonly path: string } {
  const [method, pattern] = endpoints[route].split(' ') as ['GET' | 'POST', string]; // the table's own form
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const pairs = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(key)}=${encodeURIComponent(value)}`],
  );
  return { method, path: pairs.length === 0 ? path : `${path}?${pairs.join('&')}` };
}

function failure(status: number, body: unknown): ApiFailure {
  const told = (typeof body === 'object' && body !== null ? body : {}) as Partial<ProblemBody>; // every field is checked below
  return {
    ok: false,
    status,
    code: typeof told.code === 'string' ? (told.code as ProblemCode | 'offline') : 'unexpected', // an unknown code falls to default branches
    message: typeof told.message === 'string' ? told.message : '',
    retryAfterSeconds: typeof told.retryAfterSeconds === 'number' ? told.retryAfterSeconds : undefined,
  };
}
