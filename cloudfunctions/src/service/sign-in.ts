import type { SignedIn } from '@yingyun/shared/contract/routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { endSession, insertSession } from '../adapters/database/sessions';
import { acceptOneTimeCodeStep, countStaffFailure, findStaffByAccount } from '../adapters/database/staff';
import type { AuditRecord } from '../ports/audit-trail';
import { type ApiPorts, platformTenant } from './api-ports';
import type { AnonymousCaller, StaffCaller } from './caller';
import { afterFailure, isLocked, secondsUntil, signInPolicy } from './failure-policy';
import { stepOfCode } from './one-time-code';

const sessionMs = 12 * 3_600_000;
/** Checked when the account does not exist, so that the answer costs the same. */
const noSecret = 'A'.repeat(32);

type Row = NonNullable<Awaited<ReturnType<typeof findStaffByAccount>>>;
type Ports = Pick<ApiPorts, 'tokens' | 'secrets' | 'attempts' | 'database' | 'audit' | 'fields' | 'clock' | 'random'>;

/**
 * Account, password and one-time code, all three at once: nobody learns which one was wrong, or whether the account exists.
 * Five failures within ten minutes lock the account for fifteen (also one that doesn't exist); the lock stands in the database.
 */
export async function signIn(
  ports: Ports,
  caller: AnonymousCaller,
  input: { readonly account: string; readonly password: string; readonly oneTimeCode: string },
): Promise<SignedIn | Problem> {
  if (!ports.attempts.take('staff-sign-in', caller.address)) return problem('too-many-requests', undefined, 600);
  const row = await findStaffByAccount(ports.database, input.account);
  const secret = row === undefined ? noSecret : await openSecret(ports, row);
  const isPasswordRight = await ports.secrets.matches(
    'staff-password',
    row?.id ?? '',
    row?.passwordVerifier,
    input.password,
  );
  const now = ports.clock.now();
  const step = stepOfCode(secret, input.oneTimeCode, now);
  const record = row ?? ports.attempts.shadow('staff-sign-in', input.account);
  if (isLocked(record, now)) {
    await audit(ports, caller, row, 'denied', 'sign-in-locked');
    return problem('sign-in-locked', undefined, secondsUntil(record.lockedUntil, now));
  }
  if (row === undefined || row.disabledAt !== null || !isPasswordRight || step === undefined) {
    return refuse(ports, caller, row, input.account, now);
  }
  const opened = await ports.database.transaction(async (transaction) => {
    if (!(await acceptOneTimeCodeStep(transaction, row.id, step))) return undefined;
    const sessionId = ports.random.uuid();
    const expiresAt = new Date(now.getTime() + sessionMs);
    const { hospitalId } = row;
    await insertSession(transaction, {
      id: sessionId,
      hospitalId,
      audience: 'staff',
      subjectId: row.id,
      now,
      expiresAt,
    });
    await ports.audit.record(transaction, auditRecord(caller, row, 'ok'));
    return { sessionId, expiresAt };
  });
  if (opened === undefined) return refuse(ports, caller, row, input.account, now);
  ports.attempts.giveBack('staff-sign-in', caller.address);
  const claims = { subject: row.id, sessionId: opened.sessionId, hospitalId: row.hospitalId };
  const { accessToken, expiresAt } = await ports.tokens.issue('staff', claims, opened.expiresAt);
  return {
    accessToken,
    expiresAt: expiresAt.toISOString(),
    displayName: row.displayName,
    hospitalName: row.hospitalName,
  };
}

/** Ends the session; its token is refused from the next request on. */
export async function signOut(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'clock'>,
  caller: StaffCaller,
): Promise<Record<string, never>> {
  await ports.database.transaction(async (transaction) => {
    await endSession(transaction, caller.sessionId, ports.clock.now());
    await ports.audit.record(transaction, {
      hospitalId: caller.hospitalId,
      actor: { kind: 'staff', id: caller.staffId },
      action: 'sign-out',
      object: { kind: 'staff', id: caller.staffId },
      outcome: 'ok',
      requestId: caller.requestId,
    });
  });
  return {};
}

async function refuse(
  ports: Ports,
  caller: AnonymousCaller,
  row: Row | undefined,
  account: string,
  now: Date,
): Promise<Problem> {
  if (row === undefined) {
    const before = ports.attempts.shadow('staff-sign-in', account);
    ports.attempts.setShadow('staff-sign-in', account, afterFailure(signInPolicy, before, now));
    await audit(ports, caller, undefined, 'denied', 'sign-in-refused');
  } else {
    await ports.database.transaction(async (transaction) => {
      await countStaffFailure(transaction, row.id, (before) => afterFailure(signInPolicy, before, now));
      await ports.audit.record(transaction, auditRecord(caller, row, 'denied', 'sign-in-refused'));
    });
  }
  return problem('sign-in-refused');
}

async function openSecret(ports: Ports, row: Row): Promise<string> {
  const place = { tenantId: row.hospitalId, table: 'staff', column: 'one_time_code_secret_sealed', rowId: row.id };
  return ports.fields.open(place, row.oneTimeCodeSecretSealed);
}

async function audit(
  ports: Ports,
  caller: AnonymousCaller,
  row: Row | undefined,
  outcome: 'ok' | 'denied',
  reason: string,
): Promise<void> {
  await ports.audit.record(ports.database, auditRecord(caller, row, outcome, reason));
}

function auditRecord(
  caller: AnonymousCaller,
  row: Row | undefined,
  outcome: 'ok' | 'denied',
  reason?: string,
): AuditRecord {
  return {
    hospitalId: row?.hospitalId ?? platformTenant,
    actor: row === undefined ? { kind: 'anonymous', id: '' } : { kind: 'staff', id: row.id },
    action: 'sign-in',
    object: { kind: 'staff', id: row?.id ?? '' },
    outcome,
    ...(reason === undefined ? {} : { reason }),
    requestId: caller.requestId,
  };
}
