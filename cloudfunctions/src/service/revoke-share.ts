import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { endSessionsOf } from '../adapters/database/sessions';
import { revokeShareRow } from '../adapters/database/shares';
import type { ApiPorts } from './api-ports';
import type { StaffCaller } from './caller';
import { requirePermission } from './permissions';

/** Closes the link and every session opened through it, from the next request on. Problems: `forbidden`, `not-found`. */
export async function revokeShare(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'clock'>,
  caller: StaffCaller,
  input: { readonly shareId: string },
): Promise<Record<string, never> | Problem> {
  const denied = await requirePermission(ports, caller, 'share.manage', { kind: 'share', id: input.shareId });
  if (denied !== undefined) return denied;
  const now = ports.clock.now();
  return ports.database.transaction(async (transaction) => {
    const revoked = await revokeShareRow(transaction, caller.hospitalId, input.shareId, now);
    if (revoked === undefined) return problem('not-found');
    await endSessionsOf(transaction, input.shareId, now);
    await ports.audit.record(transaction, {
      hospitalId: caller.hospitalId,
      actor: { kind: 'staff', id: caller.staffId },
      action: 'share-revoke',
      object: { kind: 'share', id: input.shareId },
      outcome: 'ok',
      requestId: caller.requestId,
    });
    return {};
  });
}
