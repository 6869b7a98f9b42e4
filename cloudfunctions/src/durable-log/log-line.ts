import { createHash } from 'node:crypto';

/**
 * One record a line: `checksum batch sequence json\n`, ASCII but for the JSON's strings.
 * `batch` is the sequence of the first record written together with this one. A batch is written only after the one before it was
 * synced, so a whole line proves that everything before its batch was once durable: that is how a torn tail and damage differ.
 */
export interface LogLine {
  readonly batch: number;
  readonly sequence: number;
  readonly json: string;
}

/** Hex digits of SM3 that guard a line: 64 bits against accidents. It is no signature. */
const checksumLength = 16;

export function encodeLogLine(line: LogLine): string {
  const text = `${line.batch} ${line.sequence} ${line.json}`;
  return `${checksumOf(text)} ${text}\n`;
}

/** The line's fields, or undefined where it is not exactly what `encodeLogLine` wrote. `bytes` is without the line feed. */
export function decodeLogLine(bytes: Uint8Array): LogLine | undefined {
  const line = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const text = line.slice(checksumLength + 1);
  if (line[checksumLength] !== ' ' || checksumOf(text) !== line.slice(0, checksumLength)) return undefined;
  const match = /^(\d{1,15}) (\d{1,15}) /.exec(text);
  if (match === null) return undefined;
  return { batch: Number(match[1]), sequence: Number(match[2]), json: text.slice(match[0].length) };
}

function checksumOf(text: string): string {
  return createHash('sm3').update(text, 'utf8').digest('hex').slice(0, checksumLength);
}
