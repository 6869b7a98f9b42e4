import type { Answers, ApiResult, Input } from '@yingyun/shared/contract/api-client';
import type { patientRoutes } from '@yingyun/shared/contract/patient-routes';

/** The routes a person asks; the frames route answers bytes and is asked by `platform/ask-frames`. */
export type PatientRoute = keyof Answers & keyof typeof patientRoutes;

/** A route's input as callers write it, before the server's defaults, without the token. */
export type PatientInput<N extends PatientRoute> = Omit<Input<N>, 'token'>;

export type PatientAnswer<N extends PatientRoute> = ApiResult<Answers[N]>;
