import type { Hl7CharacterSet } from './decode-message';
import { recommendedDelimiters } from './delimiters';
import type { TextEncoderTo } from './gb18030-encoder';
import { type Hl7Message, parseHeader, readValue } from './parse-message';
import { writeInstant } from './read-instant';
import type { Refusal } from './refusal';
import { escapeValue } from './unescape';

/** HL7 table 0357. */
const errorTexts: Record<Refusal['errorCode'], string> = {
  100: 'Segment sequence error',
  101: 'Required field missing',
  102: 'Data type error',
  103: 'Table value not found',
  104: 'Value too long',
  200: 'Unsupported message type',
  201: 'Unsupported event code',
  202: 'Unsupported processing id',
  203: 'Unsupported version id',
  207: 'Application internal error',
};

/** HL7 table 0211. */
const characterSetNames: Record<Hl7CharacterSet, string> = {
  'utf-8': 'UNICODE UTF-8',
  gb18030: 'GB 18030-2000',
  'iso-8859-1': '8859/1',
  ascii: 'ASCII',
};

export interface AcknowledgementContext {
  /** MSH-10 of the answer. */
  readonly controlId: string;
  readonly now: Date;
  readonly encodeGb18030: TextEncoderTo;
}

/**
 * The answer to a message (original mode, HL7 2.9.2): MSH-3/4 and MSH-5/6 change places, MSA-2 echoes MSH-10, MSA-3 and ERR say why
 * not. In the delimiters, version and character set of the question, so far as its first segment can be read; else in the recommended
 * delimiters, v2.5.1, ASCII.
 */
export function buildAcknowledgement(
  question: Uint8Array,
  refused: Refusal | undefined,
  context: AcknowledgementContext,
): Uint8Array {
  const parsed = parseHeader(question);
  const message = 'problem' in parsed ? undefined : parsed;
  const delimiters = message?.delimiters ?? recommendedDelimiters;
  const { field, component, repetition, escape, subcomponent } = delimiters;
  const value = (n: number, c = 1) =>
    message === undefined ? '' : readValue(message, message.segments[0], n, { component: c });
  const write = (text: string) => escapeValue(text, delimiters);
  const whole = (n: number) =>
    trimEnd(
      [1, 2, 3].map((c) => write(value(n, c))),
      component,
    );
  const version = value(12) || '2.5.1';
  const msh = [
    `MSH${field}${component}${repetition}${escape}${subcomponent}`,
    whole(5),
    whole(6),
    whole(3),
    whole(4),
    writeInstant(context.now),
    '',
    trimEnd(messageType(version, write(value(9, 2))), component),
    context.controlId,
    write(value(11)) || 'P',
    write(version),
    '',
    '',
    '',
    '',
    '',
    write(value(18)),
  ];
  const msa = ['MSA', refused?.acknowledgementCode ?? 'AA', write(value(10).slice(0, 199))];
  if (refused !== undefined) msa.push(write(`${refused.problem}: ${refused.reason}`.slice(0, 80)));
  const error = refused === undefined ? [] : [errorSegment(refused, version, message).join(field)];
  const characterSet = message?.characterSet ?? 'ascii';
  // the sender's own name for it where every character set agrees; else it may be the name that is wrong
  if (hasOtherThanAscii([...msh, ...msa])) msh[msh.length - 1] = characterSetNames[characterSet];
  const segments = [trimEnd(msh, field), trimEnd(msa, field), ...error];
  return encode(segments.map((segment) => `${segment}\r`).join(''), characterSet, context.encodeGb18030);
}

function hasOtherThanAscii(texts: readonly string[]): boolean {
  return texts.some((text) => /[^ -~]/.test(text));
}

/** MSH-9: the structure since v2.3.1, the event since v2.2. */
function messageType(version: string, event: string): string[] {
  if (/^2\.1$/.test(version) || event === '') return ['ACK'];
  return /^2\.(2|3)$/.test(version) ? ['ACK', event] : ['ACK', event, 'ACK'];
}

/** ERR-2 to ERR-8 since v2.5; ERR-1 (ELD) before. */
function errorSegment(refused: Refusal, version: string, message: Hl7Message | undefined): string[] {
  const { component, subcomponent } = message?.delimiters ?? recommendedDelimiters;
  const location = refused.location.replaceAll('^', component);
  const text = errorTexts[refused.errorCode];
  if (/^2\.[1-4](\.\d)?$/.test(version)) {
    const place = `${location}${component.repeat(Math.max(0, 3 - refused.location.split('^').length))}`;
    return ['ERR', `${place}${component}${refused.errorCode}${subcomponent}${text}${subcomponent}HL70357`];
  }
  const code = [refused.errorCode, text, 'HL70357'].join(component);
  return ['ERR', '', location, code, 'E', refused.problem];
}

function encode(text: string, characterSet: Hl7CharacterSet, encodeGb18030: TextEncoderTo): Uint8Array {
  switch (characterSet) {
    case 'utf-8':
      return new Uint8Array(Buffer.from(text, 'utf8'));
    case 'gb18030':
      return encodeGb18030(text);
    case 'ascii':
    case 'iso-8859-1':
      return new Uint8Array(Buffer.from(text.replace(/[^\r -~\xa0-\xff]/g, '?'), 'latin1'));
    default:
      return characterSet satisfies never;
  }
}

function trimEnd(values: readonly string[], separator: string): string {
  let length = values.length;
  while (length > 1 && values[length - 1] === '') length--;
  return values.slice(0, length).join(separator);
}
