/**
 * Text of a data set, PS3.3 C.12.1.1.2 and PS3.5 chapter 6: whole values are decoded first and split afterwards, because trail
 * bytes of GBK, GB18030 and Shift JIS include the backslash and the caret.
 */

/** What the platform must bring: `new TextDecoder(label, { fatal })` in Node and browsers. */
export type TextDecoderFactory = (label: string, options: { fatal: boolean }) => { decode(bytes: Uint8Array): string };

export interface TextSettings {
  /**
   * Bytes above 127 where no character set, ASCII or Latin-1 is declared are tried as UTF-8 and then as GB18030 before they are taken
   * for Latin-1: what Chinese devices send. Off for a sender whose Latin-1 is genuine.
   */
  readonly assumeChinese: boolean;
}

/** Decodes one value's bytes in the character sets of its data set. */
export type TextOf = (bytes: Uint8Array) => string;

/** The decoder for the values of (0008,0005), in order; an empty first value means ISO_IR 6. Unknown terms are taken as undeclared. */
export function textDecoderOf(
  characterSets: readonly string[],
  decoders: TextDecoderFactory,
  settings: TextSettings,
): TextOf {
  const terms = characterSets.map((term) =>
    term
      .trim()
      .toUpperCase()
      .replace(/[-_ ]+/g, ' '),
  );
  const first = terms[0] ?? '';
  const base = labelOf(first);
  const isOpen = base === undefined || base === 'windows-1252';
  const plain = isOpen ? undeclared(decoders, settings) : decoderOf(base, decoders);
  return (bytes) => {
    if (isAscii(bytes)) return ascii(bytes);
    return bytes.includes(escape) ? decodeIso2022(bytes, plain, base ?? 'windows-1252', decoders) : plain(bytes);
  };
}

const escape = 0x1b;

function undeclared(decoders: TextDecoderFactory, settings: TextSettings): TextOf {
  return (bytes) => {
    if (settings.assumeChinese) {
      for (const label of looksGb18030(bytes) ? ['utf-8', 'gb18030'] : ['utf-8']) {
        try {
          return decoders(label, { fatal: true }).decode(bytes);
        } catch {
          // not this one: the next guess, Latin-1 at last
        }
      }
    }
    return decoders('windows-1252', { fatal: false }).decode(bytes);
  };
}

/**
 * Common Chinese characters are two bytes above A0 each (GB 2312). An accented letter before a plain one is a pair of GBK too, so that
 * without one such character European names would turn Chinese.
 */
function looksGb18030(bytes: Uint8Array): boolean {
  for (let i = 0; i + 1 < bytes.length; i++) {
    const [lead, trail] = [bytes[i] ?? 0, bytes[i + 1] ?? 0];
    if (lead < 0x81) continue;
    if (lead > 0xa0 && trail > 0xa0) return true;
    i++;
  }
  return false;
}

function decoderOf(label: string, decoders: TextDecoderFactory): TextOf {
  return (bytes) => decoders(label, { fatal: false }).decode(bytes);
}

/** WHATWG encoding labels of PS3.3 tables C.12-2 to C.12-5. */
function labelOf(term: string): string | undefined {
  switch (term.replace(/^ISO 2022 /, 'ISO ')) {
    case 'ISO IR 100':
      return 'windows-1252';
    case 'ISO IR 101':
      return 'iso-8859-2';
    case 'ISO IR 109':
      return 'iso-8859-3';
    case 'ISO IR 110':
      return 'iso-8859-4';
    case 'ISO IR 144':
      return 'iso-8859-5';
    case 'ISO IR 127':
      return 'iso-8859-6';
    case 'ISO IR 126':
      return 'iso-8859-7';
    case 'ISO IR 138':
      return 'iso-8859-8';
    case 'ISO IR 148':
      return 'windows-1254';
    case 'ISO IR 203':
      return 'iso-8859-15';
    case 'ISO IR 13':
      return 'shift_jis';
    case 'ISO IR 166':
      return 'windows-874';
    case 'ISO IR 58':
      return 'gb18030';
    case 'ISO IR 149':
      return 'euc-kr';
    case 'ISO IR 87':
    case 'ISO IR 159':
      return 'euc-jp';
    case 'ISO IR 192':
      return 'utf-8';
    case 'GB18030':
    case 'GBK':
    case 'GB2312':
      return 'gb18030';
    default:
      return undefined;
  }
}

/**
 * PS3.5 6.1.2.5: escape sequences switch the code elements G0 (below 128) and G1 (above). Each stretch between two escapes is
 * decoded on its own; delimiters inside single-byte stretches return to the first character set.
 */
function decodeIso2022(bytes: Uint8Array, plain: TextOf, base: string, decoders: TextDecoderFactory): string {
  let text = '';
  let state: Stretch = { label: base, shift: 'none' };
  let start = 0;
  const flush = (end: number) => {
    if (end > start) text += decodeStretch(bytes.subarray(start, end), state, plain, base, decoders);
  };
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === escape) {
      flush(i);
      const sequence = escapeAt(bytes, i);
      state = sequence.state ?? { label: base, shift: 'none' };
      i += sequence.length - 1;
      start = i + 1;
    } else if (
      state.shift === 'none' &&
      (byte === 0x5c || byte === 0x5e || byte === 0x0d || byte === 0x0a || byte === 0x3d)
    ) {
      flush(i);
      start = i;
      state = { label: base, shift: 'none' };
    }
  }
  flush(bytes.length);
  return text;
}

/** `shift`: the set is designated to G0, so its bytes come without their high bit. */
interface Stretch {
  readonly label: string;
  readonly shift: 'none' | 'high-bit' | 'high-bit-jis-x0212';
}

function decodeStretch(
  bytes: Uint8Array,
  state: Stretch,
  plain: TextOf,
  base: string,
  decoders: TextDecoderFactory,
): string {
  if (isAscii(bytes) && state.shift === 'none') return ascii(bytes);
  if (state.shift === 'none')
    return state.label === base ? plain(bytes) : decoders(state.label, { fatal: false }).decode(bytes);
  const euc: number[] = [];
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    if (state.shift === 'high-bit-jis-x0212') euc.push(0x8f);
    euc.push((bytes[i] ?? 0) | 0x80, (bytes[i + 1] ?? 0) | 0x80);
  }
  return decoders(state.label, { fatal: false }).decode(new Uint8Array(euc));
}

function escapeAt(bytes: Uint8Array, at: number): { state: Stretch | undefined; length: number } {
  const code = String.fromCharCode(...bytes.subarray(at + 1, at + 4));
  const wide = (label: string, length: number, shift: Stretch['shift'] = 'none') => ({
    state: { label, shift },
    length,
  });
  if (code.startsWith('$B') || code.startsWith('$@')) return wide('euc-jp', 3, 'high-bit');
  if (code.startsWith('$(D')) return wide('euc-jp', 4, 'high-bit-jis-x0212');
  if (code.startsWith('$)C')) return wide('euc-kr', 4);
  if (code.startsWith('$)A')) return wide('gb18030', 4);
  if (code.startsWith(')I') || code.startsWith('(J')) return wide('shift_jis', 3);
  if (code.startsWith('(B')) return { state: undefined, length: 3 };
  if (code.startsWith('-')) {
    const label = singleByteSets[code.charAt(1)];
    return { state: label === undefined ? undefined : { label, shift: 'none' }, length: 3 };
  }
  return { state: undefined, length: 1 };
}

const singleByteSets: Readonly<Record<string, string>> = {
  A: 'windows-1252',
  B: 'iso-8859-2',
  C: 'iso-8859-3',
  D: 'iso-8859-4',
  F: 'iso-8859-7',
  G: 'iso-8859-6',
  H: 'iso-8859-8',
  L: 'iso-8859-5',
  M: 'windows-1254',
  T: 'windows-874',
  b: 'iso-8859-15',
};

function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte > 0x7e || byte === escape) return false;
  return true;
}

function ascii(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}
