import * as fs from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Hl7Message, parseMessage, readRepetitions, readText, readValue } from './parse-message';

const parse = (text: string) => parseMessage(new Uint8Array(Buffer.from(text)));
function parsed(text: string): Hl7Message {
  const message = parse(text);
  if ('problem' in message) throw new Error(`${message.problem}: ${message.detail}`);
  return message;
}
const head = 'MSH|^~\\&|RIS|H|YY|H|20260301||ORU^R01^ORU_R01|1|P|2.5.1\r';
const valueOf = (raw: string) => {
  const message = parsed(`${head}OBX|1|TX|||${raw}\r`);
  return readValue(message, message.segments[1], 5);
};

describe('parsing HL7 v2', () => {
  it('counts MSH fields from the separator on', () => {
    const message = parsed(head);
    const msh = message.segments[0];
    expect([1, 2, 3, 9, 10, 12].map((field) => readValue(message, msh, field))).toEqual([
      '|',
      '^~\\&',
      'RIS',
      'ORU',
      '1',
      '2.5.1',
    ]);
    expect(readValue(message, msh, 9, { component: 3 })).toBe('ORU_R01');
  });

  it('takes the delimiters from MSH, whatever they are', () => {
    const message = parsed('MSH#*@!%#A*B%C@D#\rPID###1*2%3@4##!F!!S!!T!!R!!E!|^~\r');
    expect(message.delimiters).toEqual({ field: '#', component: '*', repetition: '@', escape: '!', subcomponent: '%' });
    const pid = message.segments[1];
    expect(readValue(message, pid, 3, { component: 2, subcomponent: 2 })).toBe('3');
    expect(readValue(message, pid, 3, { repetition: 1 })).toBe('4');
    expect(readValue(message, pid, 5)).toBe('#*%@!|^~');
  });

  it.each(['\r', '\n', '\r\n'])('ends segments at %j', (end) => {
    expect(parsed(['MSH|^~\\&|A', 'PID|1', '', 'OBR|1', ''].join(end)).segments.map(({ name }) => name)).toEqual([
      'MSH',
      'PID',
      'OBR',
    ]);
  });

  it('keeps a lone line feed as text where segments end with CR', () => {
    const message = parsed(`${head}OBX|1|TX|||one\ntwo\r`);
    expect(readValue(message, message.segments[1], 5)).toBe('one\ntwo');
  });

  it.each([
    ['\\F\\\\S\\\\T\\\\R\\\\E\\', '|^&~\\'],
    ['one\\.br\\two\\.sp2\\three\\.ce\\four', 'one\ntwo\n\nthree\nfour'],
    ['a\\.sk3\\b\\.in+4\\c\\.fi\\d', 'a   bcd'],
    ['\\H\\bold\\N\\ plain', 'bold plain'],
    ['\\XE5BCA0\\\\XE4B889\\', '张三'],
    ['a\\X0D0A\\b\\X09\\c\\X00\\d', 'a\nb\tcd'],
    ['\\XC3\\ half a character', '\ufffd half a character'],
    ['\\Xc3A9\\ \\XC3G9\\ \\XC\\ \\X\\ \\X41\\', 'é \\XC3G9\\ \\XC\\ \\X\\ A'],
    ['C:\\scans\\new', 'C:\\scans\\new'],
    ['C:\\dir\\T\\x', 'C:\\dir&x'],
    ['\\Zlocal\\ \\C2842\\', '\\Zlocal\\ \\C2842\\'],
    ['open \\F', 'open \\F'],
    ['\\.sk999\\x', 'x'],
    ['\\.sk9999\\x', '\\.sk9999\\x'],
    ['""', ''],
  ])('unescapes %j', (raw, text) => {
    expect(valueOf(raw)).toBe(text);
  });

  it('unescapes after splitting: no escape sequence makes a segment or a delimiter', () => {
    const message = parsed(`${head}OBX|1|TX|||x\\X0D\\OBR|9|\\X7C\\a\\X5E\\b\\F\\c\r`);
    expect(message.segments.map(({ name }) => name)).toEqual(['MSH', 'OBX']);
    expect(readValue(message, message.segments[1], 5)).toBe('x\nOBR');
    expect(readValue(message, message.segments[1], 7)).toBe('|a^b|c');
  });

  it('reads a text value whole where a component separator was not escaped', () => {
    const message = parsed(`${head}OBX|1|TX|||a^b&c~d\r`);
    const obx = message.segments[1];
    expect(obx && readRepetitions(message, obx, 5).map((raw) => readText(message, raw))).toEqual(['a^b&c', 'd']);
  });

  it('is not polluted by names that objects know', () => {
    const message = parsed(`${head}ZZZ|__proto__|constructor^prototype\rOBX|__proto__||__proto__^toString||x\r`);
    expect(readValue(message, message.segments[1], 1)).toBe('__proto__');
    expect(({} as Record<string, unknown>)['x']).toBeUndefined(); // any string key may be asked for
  });

  it.each([
    ['nothing', ''],
    ['HTTP', 'GET / HTTP/1.1\r\n'],
    ['a batch header', 'FHS|^~\\&|\r'],
    ['no delimiters', 'MSH'],
    ['a letter as a delimiter', 'MSHA^~\\&A\r'],
    ['a delimiter twice', 'MSH|^^\\&|\r'],
    ['too few delimiters', 'MSH|^|\r'],
    ['a second MSH', `${head}${head}`],
    ['a segment without a name', `${head}second line of text\r`],
    ['a lower-case segment name', `${head}pid|1\r`],
    ['a start block in the text', `${head}OBX|1|TX|||a\x0bMSH|\r`],
    ['an end block in the text', `${head}OBX|1|TX|||a\x1cb\r`],
    ['a NUL', `${head}OBX|1|TX|||a\0\r`],
    ['an ESC', `${head}OBX|1|TX|||\x1b$)A\r`],
    ['too much beside observation values', `${head}PID|1||${'1'.repeat(1 << 20)}\r`],
    ['too many segments', head + 'OBX|1\r'.repeat(10_001)],
    ['too many fields', `${head}OBX${'|'.repeat(600)}\r`],
    ['too many fields in all', head + `OBX${'|'.repeat(500)}\r`.repeat(500)],
  ])('refuses %s', (_, text) => {
    expect(parse(text)).toMatchObject({ problem: 'hl7-malformed' });
  });

  it('says where, never what: no text of the message stands in a problem', () => {
    const problems = [`${head}张三 text\r`, `${head}OBX|张三\x0b\r`].map(parse);
    expect(JSON.stringify(problems)).not.toMatch(/张三|text/);
  });

  it('splits 16 MB of delimiters without trouble', () => {
    const message = parsed(`${head}OBX|1|TX|||${'~'.repeat(8 << 20)}${'&'.repeat(7 << 20)}\r`);
    const obx = message.segments[1];
    expect(obx && readRepetitions(message, obx, 5).length).toBe(10_000);
  });

  // texts that once took a minute: a sender must not stop the others
  it.each([
    ['hex escapes that decode to nothing', '\\XE8\\'],
    ['escapes', '\\.br\\'],
    ['bare escape characters', '\\'],
    ['half escapes', `\\X${'A'.repeat(1020)}`],
    ['repetitions', 'a~'],
  ])('is soon done with a megabyte of %s', (_, piece) => {
    const text = piece.repeat((1 << 20) / piece.length);
    const message = parsed(`${head}OBX|1|TX|||${text}\r`);
    const startedAt = performance.now();
    const obx = message.segments[1];
    for (const raw of obx === undefined ? [] : readRepetitions(message, obx, 5)) readText(message, raw);
    expect(performance.now() - startedAt).toBeLessThan(4000);
  });

  it('answers any text with a message or a problem', () => {
    const piece = fc.constantFrom(
      'MSH',
      '|',
      '^',
      '~',
      '\\',
      '&',
      '\r',
      '\n',
      'OBX',
      'X0D',
      '.br',
      '张',
      '""',
      '\x0b',
      'PID',
      '1',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, isHeaded) => {
        const message = parse((isHeaded ? head : '') + pieces.join(''));
        if ('problem' in message) return;
        for (const segment of message.segments) {
          for (let field = 0; field < segment.fields.length; field++)
            expect(typeof readValue(message, segment, field)).toBe('string');
        }
      }),
      { numRuns: 500 },
    );
  });

  it('answers any bytes with a message or a problem', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(parseMessage(Buffer.concat([Buffer.from(head), bytes]))).toBeTypeOf('object');
      }),
      { numRuns: 500 },
    );
  });
});

describe.skipIf(!process.env.YINGYUN_TESTDATA)('the published HL7 messages', () => {
  const root = path.join(process.env.YINGYUN_TESTDATA ?? '', 'hl7');
  const files = fs.existsSync(root)
    ? (fs.readdirSync(root, { recursive: true }) as string[]).filter((name) => name.endsWith('.hl7'))
    : []; // no encoding: names are strings

  it('are all there', () => expect(files).toHaveLength(26));

  // what is wrong with them was looked up in the files themselves
  const faulty = new Map([
    ['OMG-O19-GeneralClinicalOrder-Eyecare.hl7', 'hl7-charset-invalid'], // says 8859/1, is UTF-8
    ['OMI-O23-ImagingOrder.hl7', 'hl7-charset-invalid'],
    ['ORM-O01-GeneralOrder.hl7', 'hl7-charset-invalid'],
    ['ORU-R01-PDF.hl7', 'hl7-malformed'], // a bare CR cuts the Base64 text of its PDF in two
  ]);

  it.each(files)('%s is parsed', (file) => {
    const bytes = fs.readFileSync(path.join(root, file));
    const message = parseMessage(bytes);
    const fault = faulty.get(path.basename(file));
    if (fault !== undefined) {
      expect(message).toMatchObject({ problem: fault });
      return;
    }
    if ('problem' in message) throw new Error(`${message.problem}: ${message.detail}`);
    // a second, naive reading of the same file
    const lines = bytes
      .toString('utf8')
      .replace(/^\ufeff/, '')
      .split(/[\r\n]+/)
      .filter((line) => line.trim() !== '');
    expect(message.segments.map(({ name }) => name)).toEqual(lines.map((line) => line.slice(0, 3)));
    expect(message.segments[0]?.fields[10]).toBe(lines[0]?.split('|')[9]);
  });
});
