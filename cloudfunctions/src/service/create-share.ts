import type { CreatedShare } from '@yingyun/shared/contract/routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import type { ApiPorts } from './api-ports';
import type { StaffCaller } from './caller';
import { findFilm } from './find-film';
import { makeShare } from './make-share';
import { requirePermission } from './permissions';

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
  return makeShare(ports, caller, caller.hospitalId, input, async (transaction) => {
    const now = await findFilm(transaction, caller.hospitalId, input.filmId);
    return now?.state === 'published';
  });
}
