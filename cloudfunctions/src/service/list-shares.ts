import type { ShareList } from '@yingyun/shared/contract/routes';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { sharesOfFilm } from '../adapters/database/shares';
import type { ApiPorts } from './api-ports';
import type { StaffCaller } from './caller';
import { findFilm } from './find-film';
import { requirePermission } from './permissions';
import { shareItem } from './share-item';

/** A film's shares, newest first. Problems: `forbidden`, `not-found`. */
export async function listShares(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'clock'>,
  caller: StaffCaller,
  input: { readonly filmId: string },
): Promise<ShareList | Problem> {
  const denied = await requirePermission(ports, caller, 'share.manage', { kind: 'film', id: input.filmId });
  if (denied !== undefined) return denied;
  const film = await findFilm(ports.database, caller.hospitalId, input.filmId);
  if (film === undefined) return problem('not-found');
  const now = ports.clock.now();
  const rows = await sharesOfFilm(ports.database, caller.hospitalId, film.id);
  return { shares: rows.map((row) => shareItem(row, now)) };
}
