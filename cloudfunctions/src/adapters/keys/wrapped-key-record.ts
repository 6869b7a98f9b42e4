import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import * as v from 'valibot';

/** One line of the key journal. `of` is the Study Instance UID, "messages:" and their day, or the spool day (yyyymmdd, UTC). */
const wrappedKeyRecord = v.object({
  kind: v.literal('key'),
  keyId: v.pipe(v.string(), v.uuid()),
  tenantId: v.string(),
  purpose: v.picklist(['object', 'spool']),
  of: v.string(),
  /** Base64. */
  wrapped: v.string(),
  createdAt: v.string(),
});

export type WrappedKeyRecord = v.InferOutput<typeof wrappedKeyRecord>;

export function parseWrappedKeyRecord(sequence: number, json: string): WrappedKeyRecord {
  const parsed = v.safeParse(wrappedKeyRecord, JSON.parse(json));
  if (!parsed.success) throw new ProblemError(problem('key-unavailable', `key record ${sequence} is not understood`));
  return parsed.output;
}
