import type { CreatedShare } from '@yingyun/shared/contract/routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import * as QrCode from 'qrcode';
import { insertShare, type ShareRow } from '../adapters/database/shares';
import type { Transaction } from '../ports/database';
import type { ApiPorts } from './api-ports';
import { actorOf, type PatientCaller, type StaffCaller } from './caller';
import { shareItem } from './share-item';
import { newShareSecrets, shareTokenIndex } from './share-link';

/**
 * A link and a passcode for a film that the caller may share: whoever calls this has made sure of that. Making a passcode's verifier takes
 * its time, so `isStillShared` is asked once more with the share's row. Problems: `not-found`.
 */
export async function makeShare(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'fields' | 'secrets' | 'clock' | 'random' | 'publicUrl'>,
  caller: StaffCaller | PatientCaller,
  hospitalId: string,
  input: {
    readonly filmId: string;
    readonly expiresInHours: number;
    readonly maxViews: number;
    readonly purpose: CreatedShare['purpose'];
  },
  isStillShared: (transaction: Transaction) => Promise<boolean>,
): Promise<CreatedShare | Problem> {
  const { token, passcode } = newShareSecrets(ports.random);
  const tokenIndex = await shareTokenIndex(ports, token);
  if (tokenIndex === undefined) throw new Error('a new share token must be a share token');
  const now = ports.clock.now();
  const id = ports.random.uuid();
  const row: ShareRow = {
    id,
    hospitalId,
    filmId: input.filmId,
    tokenIndex,
    passcodeVerifier: await ports.secrets.make('share-passcode', id, passcode),
    purpose: input.purpose,
    maxViews: input.maxViews,
    views: 0,
    failures: 0,
    lockedUntil: null,
    expiresAt: new Date(now.getTime() + input.expiresInHours * 3_600_000),
    revokedAt: null,
    lastViewedAt: null,
    createdByKind: caller.kind,
    createdById: actorOf(caller).id,
    createdAt: now,
  };
  const isMade = await ports.database.transaction(async (transaction) => {
    if (!(await isStillShared(transaction))) return false;
    await insertShare(transaction, row);
    await ports.audit.record(transaction, {
      hospitalId,
      actor: actorOf(caller),
      action: 'share-create',
      object: { kind: 'share', id },
      outcome: 'ok',
      requestId: caller.requestId,
    });
    return true;
  });
  if (!isMade) return problem('not-found');
  const url = `${ports.publicUrl}/s/${token}`;
  const qrSvg = await QrCode.toString(url, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
  return { ...shareItem(row, now), url, passcode, qrSvg };
}
