import type { Context } from '@midwayjs/koa';
import type { RouteName, routes } from '@yingyun/shared/contract/routes';
import type * as v from 'valibot';
import type { AnonymousCaller, Caller, PatientCaller, ShareCaller, StaffCaller } from '../service/caller';

type Routes = typeof routes;
type PartOf<N extends RouteName, K extends 'params' | 'query' | 'body'> =
  Routes[N] extends Record<K, infer S>
    ? S extends v.GenericSchema
      ? v.InferOutput<S>
      : Record<never, never>
    : Record<never, never>;

/** Params, query and body of a route, parsed by the contract's schemas. */
export type InputOf<N extends RouteName> = PartOf<N, 'params'> & PartOf<N, 'query'> & PartOf<N, 'body'>;

export type CallerOf<N extends RouteName> = {
  public: AnonymousCaller;
  share: ShareCaller;
  staff: StaffCaller;
  patient: PatientCaller;
}[Routes[N]['audience']];

/** What the admission middleware leaves for the controller. */
export interface Admission {
  readonly route: RouteName;
  readonly caller: Caller;
  readonly input: unknown;
}

/** Who asks what, as the contract types it. Throws where the request did not come through admission as this very route. */
export function admitted<N extends RouteName>(
  ctx: Context,
  route: N,
): { readonly caller: CallerOf<N>; readonly input: InputOf<N> } {
  const admission: Admission | undefined = ctx.state.admission;
  if (admission?.route !== route) throw new Error(`${route} was reached without admission`);
  return { caller: admission.caller as CallerOf<N>, input: admission.input as InputOf<N> }; // admission parsed exactly these
}
