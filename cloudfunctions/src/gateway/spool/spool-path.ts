import { ProblemError, problem } from '@yingyun/shared/domain/problem';

const tenantPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const dayPattern = /^\d{8}$/;
const filePattern = /^[0-9a-f-]{36}\.cfe1$/;

/** `<tenant>/<yyyymmdd>/<uuid>.cfe1`, relative to the spool folder; the day is UTC. Nothing in it tells of a patient. */
export function newSpoolPath(
  tenantId: string,
  now: Date,
  uuid: string,
): { readonly day: string; readonly file: string } {
  if (!tenantPattern.test(tenantId)) throw new ProblemError(problem('invalid-request', 'tenant id is no path segment'));
  const day = `${tenantId}/${now.toISOString().slice(0, 10).replaceAll('-', '')}`;
  return { day, file: `${day}/${uuid}.cfe1` };
}

/** A path out of the journal, before it meets the file system. */
export function isSpoolPath(text: string): boolean {
  const [tenant = '', day = '', file = '', ...rest] = text.split('/');
  return rest.length === 0 && isTenantFolder(tenant) && isDayFolder(day) && isSpoolFile(file);
}

/** What recovery calls a file that the journal knows nothing of: it is no spool file any more, and nothing touches it. */
export const asideName = (name: string): string => name.replace(/\.cfe1$/, '.unknown');

export const isTenantFolder = (name: string): boolean => tenantPattern.test(name);
export const isDayFolder = (name: string): boolean => dayPattern.test(name);
export const isSpoolFile = (name: string): boolean => filePattern.test(name);
