import { describe, expect, it } from 'vitest';
import { decodeMessage } from './decode-message';
import { createGb18030Encoder } from './gb18030-encoder';

const gb18030 = createGb18030Encoder();
const utf8 = (text: string) => new Uint8Array(Buffer.from(text));
const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'));
const long = '双肺纹理清晰，未见明显实变影，心影大小形态正常，双侧膈面光整。';
const message = (characterSet: string, text: string) =>
  `MSH|^~\\&|RIS|H|||||ORU^R01|1|P|2.5|||||${'|'.repeat(1)}${characterSet}\rOBX|1|TX|||${text}\r`;

describe('decoding a message', () => {
  it.each(['UNICODE UTF-8', 'UTF-8', 'unicode utf-8', 'UNICODE UTF-8~GB 18030-2000', ''])(
    'reads UTF-8 under MSH-18 "%s"',
    (name) => {
      expect(decodeMessage(utf8(message(name, long)))).toEqual({ text: message(name, long), characterSet: 'utf-8' });
    },
  );

  it.each(['GB 18030-2000', 'GB18030', 'GBK', 'GB2312', ''])('reads GB 18030 under MSH-18 "%s"', (name) => {
    expect(decodeMessage(gb18030(message(name, long)))).toEqual({ text: message(name, long), characterSet: 'gb18030' });
  });

  it('reads characters whose GBK trail byte is a delimiter (丨 … | 骪 … ^ 誠 … \\)', () => {
    // trail bytes 0x7C, 0x5E and 0x5C, found by encoding
    const withDelimiters = [...'亅倈乗'].join('');
    const tricky: string[] = [];
    for (let lead = 0x81; lead <= 0xa0; lead++) {
      for (const trail of [0x5c, 0x5e, 0x7c, 0x7e, 0x40])
        tricky.push(new TextDecoder('gb18030').decode(Uint8Array.of(lead, trail)));
    }
    const text = message('GB 18030-2000', tricky.join('') + withDelimiters);
    expect(decodeMessage(gb18030(text))).toEqual({ text, characterSet: 'gb18030' });
  });

  it('finds MSH-18 although MSH-3 holds a trail byte that looks like a delimiter', () => {
    const name = new TextDecoder('gb18030').decode(Uint8Array.of(0x81, 0x7c));
    const text = message('GBK', long).replace('|RIS|', `|${name}|`);
    expect(decodeMessage(gb18030(text))).toEqual({ text, characterSet: 'gb18030' });
  });

  it('finds MSH-18 although a Latin-1 letter before a delimiter could be a GBK character', () => {
    const text = message('8859/1', 'café').replace('|H|', '|Hôpital Santé|');
    expect(decodeMessage(latin1(text))).toEqual({ text, characterSet: 'iso-8859-1' });
  });

  it('drops a byte order mark', () => {
    const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8(message('', long))]);
    expect(decodeMessage(bytes)).toMatchObject({ text: message('', long) });
  });

  it('reads Latin-1 and ASCII', () => {
    expect(decodeMessage(latin1(message('8859/1', 'Müller café')))).toMatchObject({
      text: message('8859/1', 'Müller café'),
    });
    expect(decodeMessage(latin1(message('ASCII', 'plain')))).toMatchObject({ characterSet: 'ascii' });
  });

  it.each([
    ['GB 18030 bytes declared UTF-8', gb18030(message('UNICODE UTF-8', '张'))],
    ['UTF-8 bytes declared GB 18030', utf8(message('GB 18030-2000', long))],
    ['bytes that are no GB 18030', latin1(message('GB18030', 'a\xff\xffb'))],
    ['UTF-8 bytes declared Latin-1', utf8(message('8859/1', long))],
    ['GB 2312 bytes declared Latin-1', gb18030(message('8859/1', long))],
    ['C1 controls declared Latin-1', latin1(message('8859/1', '\x81'))],
    ['Chinese declared ASCII', utf8(message('ASCII', '张'))],
    ['a cut character', utf8(message('UNICODE UTF-8', '张')).slice(0, -2)],
    ['undeclared bytes that are neither', latin1(message('', '\xff\xfe\xff'))],
    ['a character set that is not supported', utf8(message('ISO IR87', 'x'))],
  ])('refuses %s', (_, bytes) => {
    expect(decodeMessage(bytes)).toMatchObject({ problem: 'hl7-charset-invalid' });
  });
});
