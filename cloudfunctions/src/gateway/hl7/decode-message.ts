import { type Problem, problem } from '@yingyun/shared/domain/problem';

/** The character sets we read and answer in (HL7 table 0211). */
export type Hl7CharacterSet = 'utf-8' | 'gb18030' | 'iso-8859-1' | 'ascii';

export interface DecodedMessage {
  readonly text: string;
  readonly characterSet: Hl7CharacterSet;
}

/** So many characters that all fit another character set are no coincidence any more. */
const evidence = 16;

/**
 * Decodes one whole message, before anything is split: trail bytes of GBK include `|`, `\` and `^`. MSH-18 decides and the bytes must
 * obey it; where MSH-18 is empty the bytes decide (UTF-8, else GB 18030, both strict). A declaration that the bytes plainly
 * contradict (GB 18030 said, UTF-8 sent; Latin-1 said, GB 2312 sent) is refused too: a patient would read the wrong characters.
 * Fails with `hl7-charset-invalid`; `detail` names the character sets, never the content.
 */
export function decodeMessage(received: Uint8Array): DecodedMessage | Problem {
  const bytes = withoutByteOrderMark(received);
  const declared = readDeclaredCharacterSet(bytes);
  switch (declared) {
    case '': {
      const utf8 = decodeStrictly(bytes, 'utf-8');
      if (utf8 !== undefined) return { text: utf8, characterSet: 'utf-8' };
      const gb18030 = decodeStrictly(bytes, 'gb18030');
      if (gb18030 !== undefined) return { text: gb18030, characterSet: 'gb18030' };
      return invalid('MSH-18 is empty and the bytes are neither UTF-8 nor GB 18030');
    }
    case 'UNICODE UTF-8':
    case 'UNICODE':
    case 'UTF-8':
    case 'UTF8':
      return decoded(bytes, 'utf-8') ?? invalid('MSH-18 says UTF-8, the bytes are not');
    case 'GB 18030-2000':
    case 'GB 18030':
    case 'GB18030-2000':
    case 'GB18030':
    case 'GBK':
    case 'GB2312':
    case 'GB 2312':
      if (looksLikeUtf8(bytes)) return invalid('MSH-18 says GB 18030, the bytes are UTF-8');
      return decoded(bytes, 'gb18030') ?? invalid('MSH-18 says GB 18030, the bytes are not');
    case 'ASCII':
      return decoded(bytes, 'ascii') ?? invalid('MSH-18 says ASCII, a byte is above 0x7F');
    case '8859/1':
    case 'ISO-8859-1':
      if (looksLikeUtf8(bytes)) return invalid('MSH-18 says 8859/1, the bytes are UTF-8');
      if (looksLikeGb2312(bytes)) return invalid('MSH-18 says 8859/1, the bytes are GB 18030');
      return decoded(bytes, 'iso-8859-1') ?? invalid('MSH-18 says 8859/1, a byte is a C1 control');
    default:
      return invalid('MSH-18 names a character set that is not supported');
  }
}

/**
 * MSH-18 as far as it can be known before the character set is: of the first segment, in the first decoding that fits. The first
 * repetition only: it is the one the message begins in (HL7 2.14.9.18).
 */
function readDeclaredCharacterSet(bytes: Uint8Array): string {
  const header = decodeHeader(bytes).text;
  const fieldSeparator = header[3] ?? '|';
  const field = header.split(fieldSeparator, 18)[17] ?? '';
  const repetition = header[5] ?? '~';
  return (field.split(repetition, 1)[0] ?? '').trim().toUpperCase();
}

/** The first segment alone, in whatever character set fits it: to answer a sender whose message as a whole can't be decoded. */
export function decodeHeader(received: Uint8Array): DecodedMessage {
  const bytes = withoutByteOrderMark(received).subarray(0, 4096);
  const end = bytes.findIndex((byte) => byte === 0x0d || byte === 0x0a);
  const head = end === -1 ? bytes : bytes.subarray(0, end);
  return (
    decoded(head, 'utf-8') ??
    decoded(head, 'gb18030') ?? { text: Buffer.from(head).toString('latin1'), characterSet: 'iso-8859-1' }
  );
}

function decoded(bytes: Uint8Array, characterSet: Hl7CharacterSet): DecodedMessage | undefined {
  const text = decodeStrictly(bytes, characterSet);
  return text === undefined ? undefined : { text, characterSet };
}

/** Undefined where a byte has no meaning in the character set. */
export function decodeStrictly(bytes: Uint8Array, characterSet: Hl7CharacterSet): string | undefined {
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
