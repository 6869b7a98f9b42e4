import type { CreatedShare } from '@yingyun/shared/contract/routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import * as QrCode from 'qrcode';
import { insertShare, type ShareRow } from '../adapters/database/shares';
import type { ApiPorts } from './api-ports';
import type { StaffCaller } from './caller';
import { findFilm } from './find-film';
import { requirePermission } from './permissions';
import { shareItem } from './share-item';
import { newShareSecrets, shareTokenIndex } from './share-link';

/**
 * Makes a link and a passcode for a published film. Both are answered once and kept only as keyed hashes.
 * Problems: `forbidden`, `not-found`, `film-not-published`.
 */
export async function createShare(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'fields' | 'secrets' | 'clock' | 'random' | 'publicUrl'>,
  caller: StaffCaller,
  input: {
    readonly filmId: string;
    readonly expiresInHours: number;
    readonly maxViews: number;
    readonly purpose: 'patient' | 'consultation';
  },
): Promise<CreatedShare | Problem> {
  const denied = await requirePermission(ports, caller, 'share.manage', { kind: 'film', id: input.filmId });
  if (denied !== undefined) return denied;
  const film = await findFilm(ports.database, caller.hospitalId, input.filmId);
  if (film === undefined) return problem('not-found');
  if (film.state !== 'published') return problem('film-not-published');
  const { token, passcode } = newShareSecrets(ports.random);
  const tokenIndex = await shareTokenIndex(ports, token);
  if (tokenIndex === undefined) throw new Error('a new share token must be a share token');
  const now = ports.clock.now();
  const id = ports.random.uuid();
  const row: ShareRow = {
    id,
    hospitalId: caller.hospitalId,
    filmId: film.id,
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
    createdByKind: 'staff',
    createdById: caller.staffId,
    createdAt: now,
  };
  await ports.database.transaction(async (transaction) => {
    await insertShare(transaction, row);
    await ports.audit.record(transaction, {
      hospitalId: caller.hospitalId,
      actor: { kind: 'staff', id: caller.staffId },
      action: 'share-create',
      object: { kind: 'share', id },
      outcome: 'ok',
      requestId: caller.requestId,
    });
  });
  const url = `${ports.publicUrl}/s/${token}`;
  const qrSvg = await QrCode.toString(url, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
  return { ...shareItem(row, now), url, passcode, qrSvg };
}
