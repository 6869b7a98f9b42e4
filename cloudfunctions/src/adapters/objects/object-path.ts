import * as path from 'node:path';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';

const segmentPattern = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,127}$/;
const maxSegments = 8;

/**
 * Where an object key lies below the store's folder. A key is 1 … 8 segments of [A-Za-z0-9._-] that do not begin with a dot, so no
 * key reaches outside the folder or meets a draft. Throws ProblemError `invalid-request` on any other.
 */
export function objectPath(folder: string, objectKey: string): string {
  const segments = objectKey.split('/');
  if (segments.length > maxSegments || !segments.every((segment) => segmentPattern.test(segment))) {
    throw new ProblemError(problem('invalid-request', 'not an object key'));
  }
  return path.join(folder, ...segments);
}

/** The name an object has until it is complete: hidden, so that no key can name it. */
export function draftPath(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.draft`);
}
