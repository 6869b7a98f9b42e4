import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { findStaffByAccount } from '../adapters/database/staff';
import type { ApiPorts } from '../service/api-ports';
import { createStaff } from '../service/create-staff';

export interface DemoCredentials {
  readonly staffId: string;
  readonly account: string;
  readonly password: string;
  readonly oneTimeCodeSecret: string;
}

/** Who manages films at the console, and who reads at the workstation. */
export interface DemoStaff extends DemoCredentials {
  readonly doctor: DemoCredentials;
}

const manager = { account: 'demo', displayName: '示范管理员', role: 'film-manager' };
const doctor = { account: 'doctor', displayName: '示范医生', role: 'doctor' };

/**
 * Made once a data folder and kept beside it, readable by its owner only, so that a second start prints the same ones. Where the file was
 * lost, or never written (the process was killed between account and file), nobody knows the old password: a further account is made.
 */
export async function demoStaff(ports: ApiPorts, dataFolder: string, hospitalId: string): Promise<DemoStaff> {
  const file = path.join(dataFolder, 'demo-credentials.json');
  const kept = readCredentials(file);
  const staff: DemoStaff = {
    ...((await stillKnown(ports, kept)) ?? (await made(ports, hospitalId, manager))),
    doctor: (await stillKnown(ports, kept?.doctor)) ?? (await made(ports, hospitalId, doctor)),
  };
  writeFileSync(`${file}.new`, JSON.stringify(staff), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return staff;
}

async function stillKnown(
  { database }: ApiPorts,
  kept: Partial<DemoCredentials> | undefined,
): Promise<DemoCredentials | undefined> {
  const { staffId, account, password, oneTimeCodeSecret } = kept ?? {};
  if (staffId === undefined || account === undefined || password === undefined || oneTimeCodeSecret === undefined)
    return undefined;
  if ((await findStaffByAccount(database, account)) === undefined) return undefined;
  return { staffId, account, password, oneTimeCodeSecret };
}

async function made(ports: ApiPorts, hospitalId: string, wish: typeof manager): Promise<DemoCredentials> {
  const isFree = (await findStaffByAccount(ports.database, wish.account)) === undefined;
  const account = isFree ? wish.account : `${wish.account}-${randomBytes(3).toString('hex')}`;
  const { staffId, password, oneTimeCodeSecret } = await createStaff(ports, { ...wish, hospitalId, account });
  return { staffId, account, password, oneTimeCodeSecret };
}

function readCredentials(file: string): Partial<DemoStaff> | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<DemoStaff>; // only `demoStaff` writes it, though an older one knew no doctor
  } catch {
    return undefined; // not there, or cut off by a power loss
  }
}
