import * as path from 'node:path';
import { type ProblemCode, ProblemError, problem } from '@yingyun/shared/domain/problem';

/**
 * What went wrong with a file, in our words: `out-of-space` (retry in a minute), `not-found`, or `storage-unavailable`.
 * The detail names operation, error code and the last part of the path; parents of the data folder stay out of it.
 */
export function fileProblem(operation: string, file: string, cause: unknown): ProblemError {
  const code = codeOf(cause);
  const detail = `${operation} ${path.basename(file)}: ${code}`;
  const kind = problemCodeOf(code);
  return new ProblemError(problem(kind, detail, kind === 'out-of-space' ? 60 : undefined), { cause });
}

function problemCodeOf(code: string): ProblemCode {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'out-of-space';
  return code === 'ENOENT' ? 'not-found' : 'storage-unavailable';
}

/** The errno name of a Node error ("ENOENT"); "unknown" for anything else. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
}
