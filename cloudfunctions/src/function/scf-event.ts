import { type Problem, ProblemError, problem } from '@yingyun/shared/domain/problem';
import * as v from 'valibot';

/** A COS trigger's event as SCF delivers it (Tencent Cloud SCF, "COS trigger"), as far as we read it. */
const cosEvent = v.object({
  Records: v.pipe(
    v.array(
      v.object({
        cos: v.object({
          /** "/appid/bucket/key" */
          cosObject: v.object({ key: v.pipe(v.string(), v.maxLength(1024)) }),
        }),
        event: v.object({ eventName: v.string() }),
      }),
    ),
    v.minLength(1),
    v.maxLength(100),
  ),
});

const timerEvent = v.object({ Type: v.literal('Timer'), TriggerName: v.string(), Time: v.string() });

export type ScfEvent = 'object-created' | 'timer';

/** What kind of trigger an event came from; undefined where it is none we know. */
export function kindOfScfEvent(event: unknown): ScfEvent | undefined {
  if (v.is(timerEvent, event)) return 'timer';
  return v.is(cosEvent, event) ? 'object-created' : undefined;
}

/** Keys, without appid and bucket, of the objects that were created. Throws ProblemError `invalid-request` on any other event. */
export function objectKeysOf(event: unknown): string[] {
  const parsed = v.safeParse(cosEvent, event);
  if (!parsed.success) throw new ProblemError(unknownEvent());
  return parsed.output.Records.filter((record) => record.event.eventName.startsWith('cos:ObjectCreated:')).map(
    (record) => {
      const key = /^\/[^/]+\/[^/]+\/(.+)$/.exec(record.cos.cosObject.key)?.[1];
      if (key === undefined) throw new ProblemError(unknownEvent());
      return decodeURIComponent(key);
    },
  );
}

export function unknownEvent(): Problem {
  return problem('invalid-request', 'not a COS or timer event');
}
