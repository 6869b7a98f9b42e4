import { describe, expect, it } from 'vitest';
import { createGb18030Encoder } from './gb18030-encoder';
import { parseMessage } from './parse-message';
import { readPatient, type StatedPatient } from './read-patient';
import { isRefusal } from './refusal';

const encodeGb18030 = createGb18030Encoder();
/** The examples of GB 11643-1999. */
const idNumber = '11010519491231002X';
const otherIdNumber = '440524188001010014';

type Pid = Readonly<Record<number, string>>;
const pidOf = (fields: Pid) => ['PID', ...Array.from({ length: 40 }, (_, i) => fields[i + 1] ?? '')].join('|');
const textOf = (fields: Pid, characterSet: string) =>
  `MSH|^~\\&|HIS|H|YY|H|20260301093000||ADT^A08^ADT_A01|1|P|2.5.1||||||${characterSet}\rEVN|A08|20260301092000\r${pidOf(fields)}\r`;

function stated(fields: Pid): StatedPatient {
  const read = (bytes: Uint8Array) => {
    const message = parseMessage(bytes);
    if ('problem' in message) throw new Error(message.detail);
    const patient = readPatient(message, 480);
    if (isRefusal(patient)) throw new Error(patient.reason);
    return patient;
  };
  const utf8 = read(new Uint8Array(Buffer.from(textOf(fields, 'UNICODE UTF-8'))));
  expect(read(encodeGb18030(textOf(fields, 'GB 18030-2000')))).toEqual(utf8);
  return utf8;
}

describe('reading PID, the same in UTF-8 and GB 18030', () => {
  it('reads patient ID, name, ID number, mobile phone, sex, and when it was said', () => {
    const pid = {
      3: `P001^^^H^MR~${idNumber}^^^公安^NI`,
      5: '欧阳^娜娜~Ouyang^Nana',
      8: 'F',
      13: '^PRN^CP^^86^^13800138000',
    };
    expect(stated(pid)).toEqual({
      patientId: 'P001',
      name: '欧阳娜娜',
      idNumber,
      phone: '13800138000',
      sex: 'F',
      statedAt: new Date('2026-03-01T01:30:00.000Z'),
    });
  });

  it('finds the ID number under any type in PID-3, and in PID-19', () => {
    for (const type of ['NI', 'NNCHN', '身份证', '01', '']) {
      expect(stated({ 3: `P001^^^H^MR~${idNumber}^^^H^${type}` })).toMatchObject({ patientId: 'P001', idNumber });
    }
    expect(stated({ 3: 'P001', 19: idNumber.toLowerCase() }).idNumber).toBe(idNumber);
    expect(stated({ 3: `P001~${idNumber}^^^^NI`, 19: otherIdNumber }).idNumber).toBe(idNumber);
  });

  it('never takes for an ID number what is none, whatever the message calls it', () => {
    for (const wrong of ['110105194912310021', '110105491231002', 'H123456789', '不详']) {
      expect(stated({ 3: `P001^^^H^MR~${wrong}^^^公安^NI`, 19: wrong }).idNumber).toBe('');
    }
  });

  it('reads the mobile number from the forms in which it is written, never a landline', () => {
    const forms = [
      '13800138000',
      '+86 138-0013-8000',
      '8613800138000^PRN^PH',
      '^PRN^CP^^^^13800138000',
      '^PRN^CP^^86^138^00138000',
      '^PRN^CP^^^^^^^^^13800138000',
      '010-65551234~13800138000',
      '(010)65551234^PRN^PH~^PRN^CP^^^^13800138000',
    ];
    for (const form of forms) expect(stated({ 3: 'P001', 13: form }).phone, form).toBe('13800138000');
    expect(stated({ 3: 'P001', 13: '010-65551234', 14: '13800138000' }).phone).toBe('13800138000');
    expect(stated({ 3: 'P001', 13: '13900139000^PRN^PH~13800138000^PRN^CP' }).phone).toBe('13800138000');
    for (const none of ['010-65551234', '12345678901', '无', '138001380001', 'a@b.cn']) {
      expect(stated({ 3: 'P001', 13: none }).phone, none).toBe('');
    }
  });

  it('takes the name in Han characters where there are several, and one in a single component', () => {
    expect(stated({ 3: 'P001', 5: 'Zhang^San~张^三' }).name).toBe('张三');
    expect(stated({ 3: 'P001', 5: '买买提·吐逊' }).name).toBe('买买提·吐逊');
    expect(stated({ 3: 'P001', 5: 'Smith^John' }).name).toBe('Smith John');
    expect(stated({ 3: 'P001', 5: '""' }).name).toBe('');
  });

  it('refuses a message without PID or patient ID', () => {
    const head = 'MSH|^~\\&|HIS|H|YY|H|20260301093000||ADT^A08|1|P|2.5.1\r';
    for (const [segments, location] of [
      ['', 'PID'],
      ['PID|1||||张^三\r', 'PID^1^3'],
    ] as const) {
      const message = parseMessage(new Uint8Array(Buffer.from(head + segments)));
      if ('problem' in message) throw new Error(message.detail);
      expect(readPatient(message, 480)).toMatchObject({ acknowledgementCode: 'AE', location });
    }
  });
});
