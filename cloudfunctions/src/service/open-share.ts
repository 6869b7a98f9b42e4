import { passcode as passcodeSchema } from '@yingyun/shared/contract/route-contract';
import type { OpenedShare, ShareAccess } from '@yingyun/shared/contract/routes';
import { isProblem, type Problem, problem } from '@yingyun/shared/domain/problem';
import * as v from 'valibot';
import { insertSession } from '../adapters/database/sessions';
import { countShareFailure, countView, findShareByToken } from '../adapters/database/shares';
import { type ApiPorts, platformTenant } from './api-ports';
import type { AnonymousCaller, ShareCaller } from './caller';
import { afterFailure, failuresToRevoke, isLocked, secondsUntil, sharePolicy } from './failure-policy';
import { filmWithLayout } from './film-manifest';
import { firstPicture } from './first-picture';
import { shareTokenIndex } from './share-link';

const accessMs = 10 * 60_000;
const sessionMs = 12 * 3_600_000;

type Ports = Pick<
  ApiPorts,
  | 'tokens'
  | 'secrets'
  | 'attempts'
  | 'database'
  | 'audit'
  | 'fields'
  | 'clock'
  | 'random'
  | 'layouts'
  | 'objects'
  | 'sealer'
  | 'keys'
  | 'transcoder'
>;
type Found = NonNullable<Awaited<ReturnType<typeof findShareByToken>>>;

/**
 * Link and passcode against a session. Unknown, expired, revoked, used up, withdrawn and wrong passcode are one answer,
 * `share-unavailable`, after the same work; five failures lock any link alike, also one that does not exist (`share-locked`).
 * A view is counted with the session, in one transaction, and only here: a link preview that merely fetches the page costs nothing.
 * The film and its first picture come with the answer: two round trips less before the first image.
 */
export async function openShare(
  ports: Ports,
  caller: AnonymousCaller,
  input: { readonly token: string; readonly passcode: string },
): Promise<OpenedShare | Problem> {
  if (!ports.attempts.take('share-open', caller.address)) return problem('too-many-requests', undefined, 600);
  const index = await shareTokenIndex(ports, input.token);
  const found = index === undefined ? undefined : await findShareByToken(ports.database, index);
  const passcode = v.safeParse(passcodeSchema, input.passcode);
  const given = passcode.success ? passcode.output : '';
  const isRight = await ports.secrets.matches(
    'share-passcode',
    found?.share.id ?? '',
    found?.share.passcodeVerifier,
    given,
  );
  const now = ports.clock.now();
  const record = found?.share ?? ports.attempts.shadow('share-open', index ?? input.token.slice(0, 64));
  if (isLocked(record, now)) {
    await ports.audit.record(ports.database, auditRecord(caller, found, 'denied', 'share-locked'));
    return problem('share-locked', undefined, secondsUntil(record.lockedUntil, now));
  }
  const opened = found !== undefined && isRight ? await tryOpen(ports, caller, found, now) : undefined;
  if (opened === undefined || found === undefined) {
    await recordFailure(ports, caller, found, isRight, index ?? input.token.slice(0, 64), now);
    return problem('share-unavailable');
  }
  ports.attempts.giveBack('share-open', caller.address);
  const { hospitalId, id, expiresAt } = found.share;
  const claims = { subject: id, sessionId: opened.sessionId, hospitalId };
  const visitor: ShareCaller = {
    ...caller,
    kind: 'share',
    hospitalId,
    shareId: id,
    ...opened,
    shareExpiresAt: expiresAt,
    filmId: found.share.filmId,
  };
  const [access, film] = await Promise.all([
    answer(ports, claims, opened.sessionExpiresAt, expiresAt, now),
    filmWithLayout(ports, visitor, { filmId: found.share.filmId }),
  ]);
  if (isProblem(film)) return { ...access, film: null, firstPicture: null };
  return { ...access, film: film.manifest, firstPicture: await firstPicture(ports, film.layout) };
}

/** A new access token while the share and its session live; no view is counted. */
export async function renewShare(ports: Pick<ApiPorts, 'tokens' | 'clock'>, caller: ShareCaller): Promise<ShareAccess> {
  const claims = { subject: caller.shareId, sessionId: caller.sessionId, hospitalId: caller.hospitalId };
  return answer(ports, claims, caller.sessionExpiresAt, caller.shareExpiresAt, ports.clock.now());
}

async function tryOpen(ports: Ports, caller: AnonymousCaller, found: Found, now: Date) {
  if (found.filmState !== 'published' || (found.viewUntil !== null && found.viewUntil <= now)) return undefined;
  const { share } = found;
  return ports.database.transaction(async (transaction) => {
    if (!(await countView(transaction, share.id, now))) return undefined;
    const sessionId = ports.random.uuid();
    const sessionExpiresAt = new Date(Math.min(now.getTime() + sessionMs, share.expiresAt.getTime()));
    await insertSession(transaction, {
      id: sessionId,
      hospitalId: share.hospitalId,
      audience: 'share',
      subjectId: share.id,
      now,
      expiresAt: sessionExpiresAt,
    });
    await ports.audit.record(transaction, auditRecord(caller, found, 'ok'));
    return { sessionId, sessionExpiresAt };
  });
}

async function recordFailure(
  ports: Ports,
  caller: AnonymousCaller,
  found: Found | undefined,
  isRight: boolean,
  shadowKey: string,
  now: Date,
): Promise<void> {
  if (found === undefined) {
    const before = ports.attempts.shadow('share-open', shadowKey);
    ports.attempts.setShadow('share-open', shadowKey, afterFailure(sharePolicy, before, now));
    await ports.audit.record(ports.database, auditRecord(caller, undefined, 'denied', 'share-unavailable'));
    return;
  }
  await ports.database.transaction(async (transaction) => {
    // The right passcode of a link that is used up is no guess: it must not revoke what others have open.
    if (!isRight)
      await countShareFailure(transaction, found.share.id, (before) => {
        const after = afterFailure(sharePolicy, { ...before, firstFailureAt: null }, now);
        const isOver = after.failures >= failuresToRevoke;
        return {
          failures: after.failures,
          lockedUntil: after.lockedUntil,
          revokedAt: before.revokedAt ?? (isOver ? now : null),
        };
      });
    await ports.audit.record(transaction, auditRecord(caller, found, 'denied', 'share-unavailable'));
  });
}

async function answer(
  ports: Pick<ApiPorts, 'tokens'>,
  claims: { readonly subject: string; readonly sessionId: string; readonly hospitalId: string },
  sessionExpiresAt: Date,
  shareExpiresAt: Date,
  now: Date,
): Promise<ShareAccess> {
  const wanted = new Date(Math.min(now.getTime() + accessMs, sessionExpiresAt.getTime(), shareExpiresAt.getTime()));
  const { accessToken, expiresAt } = await ports.tokens.issue('share', claims, wanted);
  return { accessToken, expiresAt: expiresAt.toISOString(), shareExpiresAt: shareExpiresAt.toISOString() };
}

function auditRecord(caller: AnonymousCaller, found: Found | undefined, outcome: 'ok' | 'denied', reason?: string) {
  return {
    hospitalId: found?.share.hospitalId ?? platformTenant,
    actor: { kind: 'anonymous', id: '' },
    action: 'share-open',
    object: { kind: 'share', id: found?.share.id ?? '' },
    outcome,
    ...(reason === undefined ? {} : { reason }),
    requestId: caller.requestId,
  } as const;
}
