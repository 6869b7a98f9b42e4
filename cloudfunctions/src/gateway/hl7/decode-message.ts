import { type Problem, problem } from '@yingyun/shared/domain/problem';

/** The character sets we read and answer in (HL7 table 0211). */
export type Hl7CharacterSet = 'utf-8' | 'gb18030' | 'iso-8859-1' | 'ascii';

export interface DecodedMessage {
  readonly text: string;
  readonly characterSet: Hl7CharacterSet;
}

/** So many characters that all fit another character set are no coincidence any more. */
const evidence = 16;

/** MSH-18 in capitals (HL7 table 0211, and what senders write instead). */
const declarations = new Map<string, Hl7CharacterSet>([
  ['UNICODE UTF-8', 'utf-8'],
  ['UNICODE', 'utf-8'],
  ['UTF-8', 'utf-8'],
  ['UTF8', 'utf-8'],
  ['GB 18030-2000', 'gb18030'],
  ['GB 18030', 'gb18030'],
  ['GB18030-2000', 'gb18030'],
  ['GB18030', 'gb18030'],
  ['GBK', 'gb18030'],
  ['GB2312', 'gb18030'],
  ['GB 2312', 'gb18030'],
  ['8859/1', 'iso-8859-1'],
  ['ISO-8859-1', 'iso-8859-1'],
  ['ASCII', 'ascii'],
]);

/**
 * Decodes one whole message, before anything is split: trail bytes of GBK include `|`, `\` and `^`. MSH-18 decides and the bytes must
 * obey it; where MSH-18 is empty the bytes decide (UTF-8, else GB 18030, both strict). A declaration that the bytes plainly
 * contradict (GB 18030 said, UTF-8 sent; Latin-1 said, GB 2312 sent) is refused too: a patient would read the wrong characters.
 * Fails with `hl7-charset-invalid`; `detail` names the character sets, never the content.
 */
export function decodeMessage(received: Uint8Array): DecodedMessage | Problem {
  const bytes = withoutByteOrderMark(received);
  const name = readDeclaration(decodeHeader(bytes).text);
  if (name === '') {
    const detected = decoded(bytes, 'utf-8') ?? decoded(bytes, 'gb18030');
    return detected ?? invalid('MSH-18 is empty and the bytes are neither UTF-8 nor GB 18030');
  }
  const declared = declarations.get(name);
  switch (declared) {
    case 'utf-8':
      return decoded(bytes, declared) ?? invalid('MSH-18 says UTF-8, the bytes are not');
    case 'gb18030':
      if (looksLikeUtf8(bytes)) return invalid('MSH-18 says GB 18030, the bytes are UTF-8');
      return decoded(bytes, declared) ?? invalid('MSH-18 says GB 18030, the bytes are not');
    case 'ascii':
      return decoded(bytes, declared) ?? invalid('MSH-18 says ASCII, a byte is above 0x7F');
    case 'iso-8859-1':
      if (looksLikeUtf8(bytes)) return invalid('MSH-18 says 8859/1, the bytes are UTF-8');
      if (looksLikeGb2312(bytes)) return invalid('MSH-18 says 8859/1, the bytes are GB 18030');
      return decoded(bytes, declared) ?? invalid('MSH-18 says 8859/1, a byte is a C1 control');
    case undefined:
      return invalid('MSH-18 names a character set that is not supported');
    default:
      return declared satisfies never;
  }
}

/**
 * The first segment alone: what MSH-18 is read from, and what a sender is answered by whose message can't be decoded as a whole. In the
 * character set in which it says that it is in it; else in the first that fits. (A Latin-1 é before a delimiter is a GBK character,
 * so that what fits is not always what was meant.)
 */
export function decodeHeader(received: Uint8Array): DecodedMessage {
  const bytes = withoutByteOrderMark(received).subarray(0, 4096);
  const end = bytes.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  const head = end === -1 ? bytes : bytes.subarray(0, end);
  const fitting = (['utf-8', 'gb18030', 'iso-8859-1'] as const)
    .map((characterSet) => decoded(head, characterSet))
    .filter((one) => one !== undefined);
  const consistent = fitting.find(({ text, characterSet }) => declarations.get(readDeclaration(text)) === characterSet);
  return consistent ?? fitting[0] ?? { text: Buffer.from(head).toString('latin1'), characterSet: 'iso-8859-1' };
}

/** MSH-18 of a header. Its first repetition only: it is the one the message begins in (HL7 2.14.9.18). */
function readDeclaration(header: string): string {
  const fieldSeparator = header[3] ?? '|';
  const field = header.split(fieldSeparator, 18)[17] ?? '';
  const repetition = header[5] ?? '~';
  return (field.split(repetition, 1)[0] ?? '').trim().toUpperCase();
}

function decoded(bytes: Uint8Array, characterSet: Hl7CharacterSet): DecodedMessage | undefined {
  const text = decodeStrictly(bytes, characterSet);
  return text === undefined ? undefined : { text, characterSet };
}

/** Undefined where a byte has no meaning in the character set. */
function decodeStrictly(bytes: Uint8Array, characterSet: Hl7CharacterSet): string | undefined {
  if (characterSet === 'ascii')
    return bytes.some((byte) => byte > 0x7f) ? undefined : Buffer.from(bytes).toString('latin1');
  if (characterSet === 'iso-8859-1') {
    return bytes.some((byte) => byte > 0x7f && byte < 0xa0) ? undefined : Buffer.from(bytes).toString('latin1');
  }
  try {
    return new TextDecoder(characterSet, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined; // a fatal decoder throws for exactly this reason
  }
}

function looksLikeUtf8(bytes: Uint8Array): boolean {
  let multibyte = 0;
  for (const byte of bytes) if (byte >= 0xc2 && byte <= 0xf4) multibyte++;
  return multibyte >= evidence && decodeStrictly(bytes, 'utf-8') !== undefined;
}

/** Western text has single accented letters; GB 2312 only whole pairs of bytes from 0xA1 on. */
function looksLikeGb2312(bytes: Uint8Array): boolean {
  let pairs = 0;
  let run = 0;
  for (let i = 0; i <= bytes.length; i++) {
    if ((bytes[i] ?? 0) >= 0xa1) run++;
    else {
      if (run % 2 === 1) return false;
      pairs += run / 2;
      run = 0;
    }
  }
  return pairs >= evidence;
}

function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function invalid(detail: string): Problem {
  return problem('hl7-charset-invalid', detail);
}
