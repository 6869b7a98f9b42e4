import type { ShareItem } from '@yingyun/shared/contract/routes';
import type { ShareRow } from '../adapters/database/shares';
import { isLocked } from './failure-policy';

const purposes: readonly ShareItem['purpose'][] = ['patient', 'family', 'consultation', 'transfer'];

/** A share as its hospital sees it, at `now`. */
export function shareItem(row: ShareRow, now: Date): ShareItem {
  return {
    shareId: row.id,
    purpose: purposes.find((known) => known === row.purpose) ?? 'patient',
    createdBy: row.createdByKind === 'person' ? 'person' : 'staff',
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    maxViews: row.maxViews,
    views: row.views,
    state: stateOf(row, now),
  };
}

function stateOf(row: ShareRow, now: Date): ShareItem['state'] {
  if (row.revokedAt !== null) return 'revoked';
  if (row.expiresAt <= now) return 'expired';
  if (row.views >= row.maxViews) return 'used-up';
  return isLocked(row, now) ? 'locked' : 'active';
}
