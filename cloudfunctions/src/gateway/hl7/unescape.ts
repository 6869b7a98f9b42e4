import type { Hl7CharacterSet } from './decode-message';
import type { Delimiters } from './delimiters';

/** Longest escape sequence that is looked for, delimiters included; formatting commands and a line of hex fit. */
const longest = 1024;
const widestSkip = 40;
/** A value may hold hundreds of thousands of sequences, nearly always of few kinds: so many are remembered while it is read. */
const maxKnown = 1000;

/**
 * HL7 2.7: resolves the escape sequences of one leaf value. Runs after the message was split, so that no sequence can make a
 * delimiter or a segment. `\X..\` gives characters of the message's character set; controls among them become line breaks or
 * nothing. Formatting (`\.br\`, `\.sp\`, `\.ce\`, `\.sk n\`) becomes line breaks and blanks, highlighting disappears. What is not an
 * escape sequence (a Windows path) stays as it stands: nothing is lost.
 */
export function unescapeValue(raw: string, delimiters: Delimiters, characterSet: Hl7CharacterSet): string {
  const { escape } = delimiters;
  let open = raw.indexOf(escape);
  if (open === -1) return raw;
  const known = new Map<string, string>();
  const parts: string[] = [];
  let from = 0;
  while (open !== -1) {
    const close = raw.indexOf(escape, open + 1);
    if (close === -1) break;
    const code = close - open <= longest ? raw.slice(open + 1, close) : '';
    let meaning = known.get(code);
    if (meaning === undefined && code !== '') {
      meaning = meaningOf(code, delimiters, characterSet);
      if (meaning !== undefined && known.size < maxKnown) known.set(code, meaning);
    }
    if (meaning === undefined) {
      open = close; // the second delimiter may open the real sequence
      continue;
    }
    parts.push(raw.slice(from, open), meaning);
    from = close + 1;
    open = raw.indexOf(escape, from);
  }
  parts.push(raw.slice(from));
  return parts.join('');
}

function meaningOf(code: string, delimiters: Delimiters, characterSet: Hl7CharacterSet): string | undefined {
  switch (code) {
    case 'F':
      return delimiters.field;
    case 'S':
      return delimiters.component;
    case 'T':
      return delimiters.subcomponent;
    case 'R':
      return delimiters.repetition;
    case 'E':
      return delimiters.escape;
    case 'H':
    case 'N':
      return '';
  }
  if (code.startsWith('X')) return hexText(code, characterSet);
  if (!code.startsWith('.')) return undefined;
  const command = /^\.(br|sp|sk|ce|fi|nf|in|ti)\s*([+-]?\d{1,3})?$/.exec(code);
  if (command === null) return undefined;
  const count = Math.min(Math.abs(Number(command[2] ?? '1')), widestSkip);
  switch (command[1]) {
    case 'br':
    case 'ce':
      return '\n';
    case 'sp':
      return '\n'.repeat(Math.max(1, count));
    case 'sk':
      return ' '.repeat(count);
    default:
      return ''; // word wrap and indents: the page decides
  }
}

/** The characters of `X` and pairs of hex digits; undefined where it isn't that. */
function hexText(code: string, characterSet: Hl7CharacterSet): string | undefined {
  if (code.length < 3 || code.length % 2 === 0) return undefined;
  const bytes = new Uint8Array((code.length - 1) / 2);
  for (let i = 0; i < bytes.length; i++) {
    const [high, low] = [hexDigit(code.charCodeAt(2 * i + 1)), hexDigit(code.charCodeAt(2 * i + 2))];
    if (high < 0 || low < 0) return undefined;
    bytes[i] = 16 * high + low;
  }
  const [only = 0] = bytes;
  // most sequences are one control, or noise in a hostile message, and a decoder costs more than all the rest
  if (bytes.length === 1 && only >= 0x80 && (characterSet === 'utf-8' || characterSet === 'ascii')) return '\ufffd';
  const isPlain = bytes.length === 1 && only < 0x80;
  const text = isPlain ? String.fromCharCode(only) : decodeLeniently(Buffer.from(bytes.buffer), characterSet);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  return text.replace(/\r\n?/g, '\n').replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '');
}

/** -1 for what is none. */
function hexDigit(character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  const letter = character | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** U+FFFD for what has no meaning: a throw for each of a million sequences would stop everybody else for minutes. */
function decodeLeniently(bytes: Buffer, characterSet: Hl7CharacterSet): string {
  switch (characterSet) {
    case 'utf-8':
      return bytes.toString('utf8');
    case 'gb18030':
      return bytes.every((byte) => byte < 0x80) ? bytes.toString('latin1') : new TextDecoder('gb18030').decode(bytes);
    case 'iso-8859-1':
      return bytes.toString('latin1').replace(/[\x80-\x9f]/g, '\ufffd');
    case 'ascii':
      return bytes.toString('latin1').replace(/[\x80-\xff]/g, '\ufffd');
    default:
      return characterSet satisfies never;
  }
}

/** The reverse, for what an acknowledgement echoes: delimiters and controls become escape sequences. */
export function escapeValue(text: string, delimiters: Delimiters): string {
  let out = '';
  for (const character of text) {
    if (character === delimiters.escape) out += `${delimiters.escape}E${delimiters.escape}`;
    else if (character === delimiters.field) out += `${delimiters.escape}F${delimiters.escape}`;
    else if (character === delimiters.component) out += `${delimiters.escape}S${delimiters.escape}`;
    else if (character === delimiters.repetition) out += `${delimiters.escape}R${delimiters.escape}`;
    else if (character === delimiters.subcomponent) out += `${delimiters.escape}T${delimiters.escape}`;
    else if (character < ' ')
      out += `${delimiters.escape}X${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}${delimiters.escape}`;
    else out += character;
  }
  return out;
}
