import { type Problem, problem } from '@yingyun/shared/domain/problem';
import type { ApiPorts } from './api-ports';
import type { StaffCaller } from './caller';

export type Permission = 'film.list' | 'film.view' | 'exam.read' | 'exam.annotate' | 'share.manage';

/** What a role may do. Anything not listed is denied; administrators and auditors see no films (GB/T 22239-2019, 三权分立). */
const permissionsOf: Readonly<Record<string, readonly Permission[]>> = {
  doctor: ['film.list', 'film.view', 'exam.read', 'exam.annotate', 'share.manage'],
  'film-manager': ['film.list', 'film.view', 'share.manage'],
};

/** For what a use case shows besides: `requirePermission` is what guards one. */
export function hasPermission(caller: StaffCaller, permission: Permission): boolean {
  const granted = Object.hasOwn(permissionsOf, caller.role) ? permissionsOf[caller.role] : undefined;
  return granted?.includes(permission) === true;
}

/** The first statement of every staff use case. A denial is written to the audit trail here. */
export async function requirePermission(
  ports: Pick<ApiPorts, 'audit' | 'database'>,
  caller: StaffCaller,
  permission: Permission,
  object: { readonly kind: string; readonly id: string },
): Promise<Problem | undefined> {
  if (hasPermission(caller, permission)) return undefined;
  await ports.audit.record(ports.database, {
    hospitalId: caller.hospitalId,
    actor: { kind: 'staff', id: caller.staffId },
    action: permission,
    object,
    outcome: 'denied',
    reason: 'forbidden',
    requestId: caller.requestId,
  });
  return problem('forbidden');
}
