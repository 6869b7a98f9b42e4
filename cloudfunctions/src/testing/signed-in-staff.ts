import type { SignedIn } from '@yingyun/shared/contract/routes';
import type { CreatedStaff } from '../service/create-staff';
import { oneTimeCodeNow } from '../service/one-time-code';
import { requireCompiled } from './compiled';
import type { TestApp } from './test-app';

export interface SignedInStaff extends CreatedStaff {
  readonly account: string;
  readonly accessToken: string;
}

let made = 0;

/** A new account of the hospital (whose row must stand), signed in over HTTP. */
export async function createSignedInStaff(app: TestApp, hospitalId: string, role = 'doctor'): Promise<SignedInStaff> {
  const created = await createAccount(app, hospitalId, role);
  const json = { account: created.account, password: created.password, oneTimeCode: codeNow(app, created) };
  const answer = await app.ask('/api/staff/sign-in', { json });
  if (answer.status !== 200) throw new Error(`sign-in failed: ${answer.body.toString()}`);
  return { ...created, accessToken: answer.json<SignedIn>().accessToken };
}

export async function createAccount(app: TestApp, hospitalId: string, role = 'doctor') {
  const { createStaff }: typeof import('../service/create-staff') = requireCompiled()('service/create-staff');
  made += 1;
  const account = `doctor-${made}`;
  return { account, ...(await createStaff(app.ports, { hospitalId, account, displayName: '李医生', role })) };
}

export function codeNow(app: Pick<TestApp, 'clock'>, created: Pick<CreatedStaff, 'oneTimeCodeSecret'>): string {
  return oneTimeCodeNow(created.oneTimeCodeSecret, app.clock.now());
}
