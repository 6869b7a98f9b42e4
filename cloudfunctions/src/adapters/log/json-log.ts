import { createSystemClock } from '../time/system-clock';
import type { Clock } from '../../ports/clock-and-random';
import type { Log } from '../../ports/log';
import { type DescribedError, describeError } from './describe-error';

type Fields = Record<string, string | number | boolean>;

interface Line extends Record<string, string | number | boolean | DescribedError> {
  readonly at: string;
  readonly level: string;
  readonly event: string;
}

// JSON escapes what is below a blank. These can still break a line, or turn a terminal's text around: C1, line and paragraph
// separators, bidirectional controls, byte order mark.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const unsafe = /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/**
 * One JSON object a line, without the newline: `{"at":"…Z","level":"error","event":"…",…fields,"error":{…}}`. A caller's field can't
 * replace `at`, `level`, `event` or `error`. Errors are described without values of rows or parameters (describe-error.ts).
 */
export function createJsonLog(write: (line: string) => void, clock: Clock = createSystemClock()): Log {
  const line = (level: string, event: string, fields: Fields, error: DescribedError | undefined) => {
    const head: Line = { at: clock.now().toISOString(), level, event };
    const body: Line = { ...head, ...fields, ...head, ...(error === undefined ? {} : { error }) };
    write(
      JSON.stringify(body).replace(
        unsafe,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    );
  };
  return {
    info: (event, fields = {}) => line('info', event, fields, undefined),
    warn: (event, fields = {}) => line('warn', event, fields, undefined),
    error: (event, fields = {}, cause?: unknown) =>
      line('error', event, fields, cause === undefined ? undefined : describeError(cause)),
  };
}
