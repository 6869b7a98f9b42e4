import { problem, ProblemError } from '@yingyun/shared/domain/problem';
import { decodeLogLine, type LogLine } from './log-line';

export interface ScannedLine extends LogLine {
  /** Byte offset of the line in its segment. */
  readonly offset: number;
}

export interface SegmentScan {
  readonly nextSequence: number;
  /** Bytes up to the end of the last whole line; what lies behind was never acknowledged. */
  readonly validLength: number;
}

const lineFeed = 0x0a;

export function logDamaged(segment: string, offset: number, sequence: number): ProblemError {
  return new ProblemError(
    problem('storage-unavailable', `${segment} is damaged at byte ${offset}, record ${sequence}`),
  );
}

/**
 * Reads the newest segment at open. A bad line that only lines of its own batch follow is a torn tail. A bad line that a later
 * batch follows was durable once: throws ProblemError `storage-unavailable` that says where.
 */
export function scanSegment(
  segment: string,
  bytes: Uint8Array,
  firstSequence: number,
  onLine: (line: ScannedLine) => void,
): SegmentScan {
  let expected = firstSequence;
  let at = 0;
  while (at < bytes.length) {
    const end = bytes.indexOf(lineFeed, at);
    const line = end < 0 ? undefined : decodeLogLine(bytes.subarray(at, end));
    if (line === undefined || line.sequence !== expected) break;
    onLine({ ...line, offset: at });
    expected++;
    at = end + 1;
  }
  if (at < bytes.length && hasLaterBatch(bytes.subarray(at), expected)) throw logDamaged(segment, at, expected);
  return { nextSequence: expected, validLength: at };
}

function hasLaterBatch(rest: Uint8Array, damagedSequence: number): boolean {
  for (let at = 0; at < rest.length; ) {
    const end = rest.indexOf(lineFeed, at);
    if (end < 0) return false;
    // Sectors that were lost read as zeros and hide where the next line begins.
    let from = at;
    while (rest[from] === 0) from++;
    const line = decodeLogLine(rest.subarray(from, end));
    if (line !== undefined && line.batch > damagedSequence) return true;
    at = end + 1;
  }
  return false;
}

/** Cuts what was read of a segment into lines that must be whole; a line that is not yet complete stays for the next bytes. */
export function readLines(
  segment: string,
  bytes: Uint8Array,
  base: number,
  expected: number,
): { readonly lines: ScannedLine[]; readonly taken: number } {
  const lines: ScannedLine[] = [];
  let at = 0;
  for (;;) {
    const end = bytes.indexOf(lineFeed, at);
    if (end < 0) return { lines, taken: at };
    const line = decodeLogLine(bytes.subarray(at, end));
    if (line === undefined || line.sequence !== expected + lines.length) {
      throw logDamaged(segment, base + at, expected + lines.length);
    }
    lines.push({ ...line, offset: base + at });
    at = end + 1;
  }
}
