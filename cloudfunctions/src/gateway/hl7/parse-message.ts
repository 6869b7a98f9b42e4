import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { type DecodedMessage, decodeHeader, decodeMessage, type Hl7CharacterSet } from './decode-message';
import { type Delimiters, readDelimiters } from './delimiters';
import { unescapeValue } from './unescape';

/** One segment. `fields[n]` is field n of the standard ("PID-3" is `fields[3]`), raw; `fields[0]` is the name. */
export interface Hl7Segment {
  readonly name: string;
  readonly fields: readonly string[];
}

/** A message that was split, but whose values are unescaped only when read: see `readValue`. */
export interface Hl7Message {
  readonly delimiters: Delimiters;
  readonly characterSet: Hl7CharacterSet;
  /** In the order they came; the first is MSH. */
  readonly segments: readonly Hl7Segment[];
}

/** Far beyond real messages, far below what hurts. */
const maxSegments = 10_000;
const maxFieldsOfSegment = 512;
const maxFields = 200_000;
const maxParts = 10_000;
/** Of everything but observation values (OBX-5), in characters. */
const maxFrame = 1 << 20;

/**
 * Parses the bytes of one message, without MLLP framing. Delimiters come from MSH-1 and MSH-2; segments end with CR (lenient: LF or
 * CRLF; where CR is used, a lone LF is text). Fails with `hl7-charset-invalid` or `hl7-malformed`; `detail` holds positions and names
 * of segments only.
 */
export function parseMessage(bytes: Uint8Array): Hl7Message | Problem {
  if (!beginsWithHeader(bytes)) return malformed('the message does not begin with MSH');
  const decoded = decodeMessage(bytes);
  return 'problem' in decoded ? decoded : parseText(decoded);
}

/** The first segment alone, in whatever character set fits it. */
export function parseHeader(bytes: Uint8Array): Hl7Message | Problem {
  return beginsWithHeader(bytes) ? parseText(decodeHeader(bytes)) : malformed('the message does not begin with MSH');
}

function parseText({ text, characterSet }: DecodedMessage): Hl7Message | Problem {
  if (!text.startsWith('MSH')) return malformed('the message does not begin with MSH');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const control = /[\x00-\x08\x0b\x0c\x0e-\x1f]/.exec(text);
  if (control !== null) return malformed(`control character 0x${hexOf(control[0])} at character ${control.index}`);
  const lines = splitSegments(text);
  if (lines === undefined) return malformed(`more than ${maxSegments} segments`);
  const delimiters = readDelimiters(lines[0] ?? '');
  if (delimiters === undefined) return malformed('MSH-1 or MSH-2: delimiters are missing or ambiguous');
  const segments: Hl7Segment[] = [];
  let fieldCount = 0;
  let frame = 0;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const fields = splitAtMost(line, delimiters.field, maxFieldsOfSegment);
    if (fields === undefined)
      return malformed(`segment ${segments.length + 1}: more than ${maxFieldsOfSegment} fields`);
    const name = fields[0] ?? '';
    if (!/^[A-Z][A-Z0-9]{2}$/.test(name)) return malformed(`segment ${segments.length + 1} has no segment name`);
    if (name === 'MSH' && segments.length > 0) return malformed(`segment ${segments.length + 1}: a second MSH`);
    fieldCount += fields.length;
    if (fieldCount > maxFields) return malformed(`more than ${maxFields} fields`);
    frame += line.length - (name === 'OBX' ? (fields[5]?.length ?? 0) : 0);
    if (frame > maxFrame) return malformed(`more than ${maxFrame} characters beside OBX-5`);
    // MSH-1 is the separator itself, so MSH's fields begin one later
    segments.push({ name, fields: name === 'MSH' ? [name, delimiters.field, ...fields.slice(1)] : fields });
  }
  return { delimiters, characterSet, segments };
}

/** Where in a field; components and subcomponents count from 1, repetitions from 0. */
export interface ValuePlace {
  readonly repetition?: number;
  readonly component?: number;
  readonly subcomponent?: number;
}

/** One leaf value, unescaped and trimmed; '' where it is absent or the explicit null `""`. */
export function readValue(
  message: Hl7Message,
  segment: Hl7Segment | undefined,
  field: number,
  place: ValuePlace = {},
): string {
  if (segment === undefined) return '';
  if (segment.name === 'MSH' && field <= 2) return segment.fields[field] ?? '';
  const repetition = readRepetitions(message, segment, field)[place.repetition ?? 0] ?? '';
  const component = splitParts(repetition, message.delimiters.component)[(place.component ?? 1) - 1] ?? '';
  const leaf = splitParts(component, message.delimiters.subcomponent)[(place.subcomponent ?? 1) - 1] ?? '';
  return leaf === '""' ? '' : unescapeValue(leaf, message.delimiters, message.characterSet).trim();
}

/** A field's repetitions, raw; none where the field is empty. */
export function readRepetitions(message: Hl7Message, segment: Hl7Segment, field: number): readonly string[] {
  const raw = segment.fields[field] ?? '';
  if (raw === '') return [];
  return splitParts(raw, message.delimiters.repetition);
}

/** A whole repetition as text: what a TX or FT value is, where stray component separators are only punctuation. */
export function readText(message: Hl7Message, repetition: string): string {
  return repetition === '""' ? '' : unescapeValue(repetition, message.delimiters, message.characterSet).trim();
}

export function firstSegment(message: Hl7Message, name: string): Hl7Segment | undefined {
  return message.segments.find((segment) => segment.name === name);
}

/** Before any guess at the character set; a UTF-8 byte order mark may stand before it. */
function beginsWithHeader(bytes: Uint8Array): boolean {
  return /^(\xef\xbb\xbf)?MSH/.test(Buffer.from(bytes.subarray(0, 6)).toString('latin1'));
}

function splitSegments(text: string): string[] | undefined {
  const isCr = text.includes('\r');
  const lines = splitAtMost(text, isCr ? '\r' : '\n', maxSegments);
  return isCr ? lines?.map((line) => line.replace(/^\n+/, '')) : lines;
}

/** Undefined where there are more parts than `limit`: counted before anything is allocated. */
function splitAtMost(text: string, separator: string, limit: number): string[] | undefined {
  let count = 1;
  for (let at = text.indexOf(separator); at !== -1; at = text.indexOf(separator, at + 1)) {
    if (++count > limit) return undefined;
  }
  return text.split(separator);
}

/** Parts beyond the limit are not looked at. */
function splitParts(text: string, separator: string): string[] {
  return separator === '' ? [text] : text.split(separator, maxParts);
}

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase();
}

function malformed(detail: string): Problem {
  return problem('hl7-malformed', detail);
}
