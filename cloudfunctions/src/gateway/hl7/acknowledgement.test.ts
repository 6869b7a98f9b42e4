import * as fs from 'node:fs';
import * as path from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acceptMessage } from './accept-message';
import { buildAcknowledgement } from './acknowledgement';
import { createGb18030Encoder } from './gb18030-encoder';
import { parseMessage } from './parse-message';
import { isRefusal, refusal } from './refusal';

const context = {
  controlId: 'YYMI7A2B3C1',
  now: new Date('2026-11-20T03:00:01Z'),
  encodeGb18030: (text: string) => Buffer.from(text),
};
const encodeGb18030 = createGb18030Encoder();
const answerTo = (question: Uint8Array) => {
  const accepted = acceptMessage(question, 480);
  return Buffer.from(buildAcknowledgement(question, isRefusal(accepted) ? accepted : undefined, context)).toString();
};

describe('acknowledgements', () => {
  const page = fs.readFileSync(path.resolve(import.meta.dirname, '../../../../docs/hl7-interface.md'), 'utf8');
  const [sample, taken, refused] = [...page.matchAll(/```\n([\s\S]*?)```/g)]
    .slice(-3)
    .map((found) => (found[1] ?? '').replaceAll('⏎\n', '\r'));

  it('are what docs/hl7-interface.md shows, for the sample it shows', () => {
    expect(answerTo(Buffer.from(sample ?? ''))).toBe(taken);
    const withoutPatient = (sample ?? '').replace('YY2026001^^^DEMO^MR', '');
    expect(answerTo(Buffer.from(withoutPatient)).split('\r').slice(1).join('\r')).toBe(refused);
  });

  it('can be parsed again, whatever the sender put into the fields they echo', () => {
    const nasty = 'a\\F\\b\\X0D\\MSH\\S\\c\\T\\d\\E\\e';
    const question = Buffer.from(
      (sample ?? '').replace('|RIS|', `|${nasty}|`).replace('DEMO-CT26110001|P', `${nasty}|P`),
    );
    const answer = parseMessage(Buffer.from(answerTo(question)));
    if ('problem' in answer) throw new Error(answer.detail);
    expect(answer.segments.map(({ name }) => name)).toEqual(['MSH', 'MSA', 'ERR'].slice(0, answer.segments.length));
    expect(answer.segments[0]?.fields[5]).toBe('a\\F\\b\\X0A\\MSH\\S\\c\\T\\d\\E\\e');
  });

  it('are well-formed for any damage to a message', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.constantFrom('flip', 'cut', 'insert')), {
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(damage, (damages) => {
        let bytes: Uint8Array = Buffer.from(sample ?? '');
        for (const [at, value, how] of damages) {
          const place = at % bytes.length;
          if (how === 'flip') bytes[place] = value;
          else
            bytes = Buffer.concat([
              bytes.subarray(0, place),
              ...(how === 'insert' ? [Buffer.from([value]), bytes.subarray(place)] : []),
            ]);
          if (bytes.length === 0) return;
        }
        const accepted = acceptMessage(bytes, 480);
        const answer = buildAcknowledgement(bytes, isRefusal(accepted) ? accepted : undefined, {
          ...context,
          encodeGb18030,
        });
        const parsed = parseMessage(answer);
        if ('problem' in parsed) {
          // it echoes a damaged MSH-18
          expect(parsed.detail).toBe('MSH-18 names a character set that is not supported');
          return;
        }
        expect(parsed.segments.map(({ name }) => name)).toEqual(
          isRefusal(accepted) ? ['MSH', 'MSA', 'ERR'] : ['MSH', 'MSA'],
        );
        expect(answer.length).toBeLessThan(16_384);
      }),
      { numRuns: 1000 },
    );
  });

  it('stand in recommended delimiters where the question has none', () => {
    const answer = buildAcknowledgement(new Uint8Array(0), refusal('AE', 100, '', 'hl7-malformed', 'x'), context);
    expect(Buffer.from(answer).toString()).toBe(
      'MSH|^~\\&|||||20261120030001+0000||ACK|YYMI7A2B3C1|P|2.5.1\rMSA|AE||hl7-malformed: x\rERR|||100^Segment sequence error^HL70357|E|hl7-malformed\r',
    );
  });
});
