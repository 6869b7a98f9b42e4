import type { ApiFailure, ApiRequest, ApiResult, Send } from '@yingyun/shared/contract/api-client';
import type {
  CodeSent,
  CreatedPatientShare,
  LinkStarted,
  PatientAccount,
  PatientFilmList,
  PatientFilmPage,
  PatientShareList,
  PatientSignedIn,
  patientRoutes,
} from '@yingyun/shared/contract/patient-routes';
import type { ProblemCode } from '@yingyun/shared/domain/problem';
import type * as v from 'valibot';

type Routes = typeof patientRoutes;
export type PatientRoute = Exclude<keyof Routes, 'patientFrames'>;

/** Method and path of each route a person asks; the compiler holds the table equal to the contract. No schema travels to a phone. */
const endpoints = {
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
} as const satisfies { [N in keyof Routes]: `${Routes[N]['method']} ${Routes[N]['path']}` };

interface Answers {
  sendSignInCode: CodeSent;
  signInPatient: PatientSignedIn;
  renewPatient: PatientSignedIn;
  signOutPatient: unknown;
  patientAccount: PatientAccount;
  startLink: LinkStarted;
  confirmLink: unknown;
  removeLink: unknown;
  patientFilms: PatientFilmList;
  patientFilm: PatientFilmPage;
  createPatientShare: CreatedPatientShare;
  patientShares: PatientShareList;
  revokePatientShare: unknown;
}
export type Answer<N extends PatientRoute> = Answers[N];

type Part<R, K extends 'params' | 'query' | 'body'> =
  R extends Readonly<Record<K, infer S extends v.GenericSchema>> ? { readonly [P in K]: v.InferInput<S> } : unknown;
/** A route's input as callers write it, before the server's defaults, without the token. */
export type PatientInput<N extends keyof Routes> = Part<Routes[N], 'params'> &
  Part<Routes[N], 'query'> &
  Part<Routes[N], 'body'>;

interface AnyInput {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
}

export type AskPatientRoute = <N extends PatientRoute>(
  route: N,
  input: PatientInput<N>,
  token?: string,
) => Promise<ApiResult<Answer<N>>>;

/** A client over any transport. Failures are values; it never throws for what a server or network does. */
export function createPatientClient(send: Send): AskPatientRoute {
  return async <N extends PatientRoute>(route: N, input: PatientInput<N>, token?: string) => {
    const { params, query, body } = input as AnyInput; // the compiler can't narrow the input of a route it doesn't know yet
    const request: ApiRequest = {
      ...endpointOf(route, params, query),
      ...(body === undefined ? {} : { body }),
      ...(token === undefined ? {} : { token }),
    };
    const answer = await send(request).catch(() => undefined);
    if (answer === undefined) return failure(0, { code: 'offline' });
    if (answer.status < 200 || answer.status > 299) return failure(answer.status, answer.body);
    return { ok: true, value: answer.body as Answer<N> }; // the server's answer is typed by the contract, its tests hold it there
  };
}

/** Method and path with parameters and query filled in. Undefined values are left out. */
export function endpointOf(
  route: keyof Routes,
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
  const told = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>; // every field is checked below
  return {
    ok: false,
    status,
    code: typeof told['code'] === 'string' ? (told['code'] as ProblemCode | 'offline') : 'unexpected', // an unknown code falls to default branches
    message: typeof told['message'] === 'string' ? told['message'] : '',
    retryAfterSeconds: typeof told['retryAfterSeconds'] === 'number' ? told['retryAfterSeconds'] : undefined,
  };
}
