import { describe, expect, it } from 'vitest';
import { parseMessage } from './parse-message';
import { readInstant } from './read-instant';
import { type OruReport, readOru } from './read-oru';
import { isRefusal } from './refusal';

const head = 'MSH|^~\\&|RIS|H|YY|H|20260301093000||ORU^R01^ORU_R01|1|P|2.5.1||||||UNICODE UTF-8';
const pid = 'PID|1||P001^^^H^MR||测^试甲';
const obr = (fields: Record<number, string>) => {
  const all = { 4: 'CTXB^胸部CT平扫', 25: 'F', ...fields };
  return ['OBR', ...Array.from({ length: 35 }, (_, i) => (all as Record<number, string>)[i + 1] ?? '')].join('|'); // every index is asked for
};
const findings = 'OBX|1|TX|FINDINGS^检查所见||双肺清晰。||||||F';
const impression = 'OBX|2|TX|^诊断意见||未见异常。||||||F';

function read(...segments: string[]) {
  const message = parseMessage(new Uint8Array(Buffer.from([head, ...segments].join('\r'))));
  if ('problem' in message) throw new Error(message.problem);
  return readOru(message, 480);
}
function reportOf(...segments: string[]): OruReport {
  const reports = read(...segments);
  if (isRefusal(reports) || reports[0] === undefined) throw new Error(JSON.stringify(reports));
  return reports[0];
}

describe('reading an ORU^R01', () => {
  it('reads the fields of docs/hl7-interface.md', () => {
    const report = reportOf(
      pid,
      obr({ 2: 'PL1', 3: 'R1', 18: 'ACC1', 22: '20260301101500', 32: '1002&审&核甲', 33: '1001&书&写乙~1003&书&写丙' }),
      'ZDS|1.2.3^PACS^Application^DICOM',
      findings,
      impression,
    );
    expect(report).toEqual({
      fillerOrderNumber: 'R1',
      statedAccessionNumber: 'ACC1',
      accessionNumber: 'ACC1',
      studyInstanceUids: ['1.2.3'],
      patientId: 'P001',
      status: 'approved',
      findings: '双肺清晰。',
      impression: '未见异常。',
      attachmentCount: 0,
      reportingDoctor: '书写乙、书写丙',
      approvingDoctor: '审核甲',
      reportedAt: new Date('2026-03-01T02:15:00Z'),
      examItem: '胸部CT平扫',
    });
  });

  it.each([
    ['P', 'preliminary'],
    ['R', 'preliminary'],
    ['A', 'preliminary'],
    ['M', 'preliminary'],
    ['F', 'approved'],
    ['C', 'amended'],
    ['X', 'withdrawn'],
  ])('OBR-25 %s is %s', (code, status) => {
    expect(reportOf(pid, obr({ 25: code }), findings).status).toBe(status);
  });

  it.each(['O', 'I', 'S', 'N', 'Y', 'Z'])('OBR-25 %s brings no report', (code) => {
    expect(read(pid, obr({ 25: code }))).toEqual([]);
  });

  it('names no approving doctor of a preliminary report', () => {
    expect(reportOf(pid, obr({ 25: 'P', 32: '^张^甲' }), findings)).toMatchObject({
      approvingDoctor: '',
      reportingDoctor: '张甲',
    });
  });

  it.each([
    ['an XCN name', '1001^张^甲', '张甲'],
    ['an XCN name without an ID', '^BACH^SEGURA', 'SEGURA BACH'],
    ['an NDL name with times', '1001&张&甲^20260301^20260302', '张甲'],
    ['a name alone', '张甲', '张甲'],
    ['a name in one component', '1001^张甲', '张甲'],
    ['a code alone', '1001', '1001'],
  ])('reads %s', (_, raw, name) => {
    expect(reportOf(pid, obr({ 32: raw }), findings).approvingDoctor).toBe(name);
  });

  it('joins OBX of one part, repetitions and line breaks, in their order', () => {
    const report = reportOf(
      pid,
      obr({}),
      'OBX|1|FT|&GDT^描述||第一行\\.br\\第二行~第三行||||||F',
      'OBX|2|TX|71020&IMP||一~二||||||F',
      'OBX|3|ST|^影像所见：||第四行||||||F',
      'OBX|4|CWE|19005-8^Impression^LN||J18^肺炎^ICD10||||||F',
    );
    expect(report.findings).toBe('第一行\n第二行\n第三行\n第四行');
    expect(report.impression).toBe('一\n二\n肺炎');
  });

  it('keeps text under another label, and leaves out wrong and deleted observations', () => {
    const report = reportOf(
      pid,
      obr({}),
      findings,
      'OBX|2|TX|^建议||三个月后复查||||||F',
      'OBX|3|TX|^检查所见||错||||||W',
      'OBX|4|TX|^检查所见||删||||||D',
    );
    expect(report.findings).toBe('双肺清晰。\n建议：三个月后复查');
  });

  it('counts attachments and keeps identifiers out of the text', () => {
    const report = reportOf(
      pid,
      obr({}),
      'OBX|1|ED|PDF^报告||^application^pdf^Base64^AAAA',
      'OBX|2|ST|113014^DICOM Study^DCM||1.2.3',
      'OBX|3|ST|^Series Instance UID||1.2.3.4',
    );
    expect(report).toMatchObject({ findings: '', attachmentCount: 1, studyInstanceUids: ['1.2.3'] });
  });

  it.each([
    ['ZDS', ['ZDS|1.2.3^X^Application^DICOM'], ['1.2.3']],
    ['IPC-3', ['IPC|ACC9|RP1|1.2.4|SPS1'], ['1.2.4']],
    ['OBX 113014', ['OBX|9|ST|113014^DICOM Study^DCM||1.2.5'], ['1.2.5']],
    ['OBX 110180', ['OBX|9|ST|110180^Study Instance UID^DCM||1.2.6'], ['1.2.6']],
    ['OBX by name', ['OBX|9|ST|^Study Instance UID||1.2.7', 'OBX|9|ST|^StudyInstanceUID||1.2.8'], ['1.2.7', '1.2.8']],
  ])('finds the study in %s', (_, segments, uids) => {
    expect(reportOf(pid, obr({}), findings, ...segments).studyInstanceUids).toEqual(uids);
  });

  it.each([
    ['IPC-1', { 18: 'A2', 3: 'A3' }, 'A1', 'A1', 'A1'],
    ['OBR-18', { 18: 'A2', 3: 'A3', 2: 'A4' }, '', 'A2', 'A2'],
    ['OBR-3', { 3: 'A3', 2: 'A4' }, '', 'A3', ''],
    ['OBR-2', { 2: 'A4' }, '', 'A4', ''],
    ['nothing', {}, '', '', ''],
  ])('takes the accession number from %s', (_, fields, ipc, accessionNumber, statedAccessionNumber) => {
    const report = reportOf(pid, obr(fields), findings, ...(ipc === '' ? [] : [`IPC|${ipc}`]));
    expect(report).toMatchObject({ accessionNumber, statedAccessionNumber });
  });

  it.each([
    ['the MR number', 'X1^^^H^SS~P1^^^H^MR', 'P1'],
    ['the internal number', 'X1^^^H^SS~P1^^^H^PI', 'P1'],
    ['the first number', 'P1~P2', 'P1'],
  ])('takes %s from PID-3', (_, raw, patientId) => {
    expect(reportOf(`PID|1||${raw}||测试`, obr({}), findings).patientId).toBe(patientId);
  });

  it('takes PID-2 where PID-3 is empty', () => {
    expect(reportOf('PID|1|P9|||测试', obr({}), findings).patientId).toBe('P9');
  });

  it('makes one report of OBRs that name the same one, and two of two', () => {
    const same = read(pid, obr({ 3: 'R1', 4: '^头' }), findings, obr({ 3: 'R1', 4: '^颈' }), impression);
    expect(same).toMatchObject([
      { examItem: '头、颈', findings: '双肺清晰。', impression: '未见异常。', status: 'approved' },
    ]);
    expect(read(pid, obr({ 3: 'R1' }), findings, obr({ 3: 'R2' }), findings)).toHaveLength(2);
  });

  it('counts a report as preliminary where its OBRs disagree', () => {
    expect(read(pid, obr({ 3: 'R1' }), findings, obr({ 3: 'R1', 25: 'X' }))).toMatchObject([{ status: 'preliminary' }]);
  });

  it.each([
    ['no PID', [obr({}), findings], 100],
    ['no patient ID', ['PID|1||||测试', obr({}), findings], 101],
    ['no OBR', [pid], 100],
    ['no OBR-25', [pid, obr({ 25: '' }), findings], 101],
    ['an OBR-25 outside the table', [pid, obr({ 25: 'Q' }), findings], 103],
    ['a final report without text', [pid, obr({})], 101],
    ['a hundred and one reports', [pid, ...Array.from({ length: 101 }, (_, i) => obr({ 3: `R${i}`, 25: 'P' }))], 104],
    [
      'a hundred and one studies',
      [pid, obr({}), findings, ...Array.from({ length: 101 }, (_, i) => `ZDS|1.2.${i}`)],
      104,
    ],
    ['more text than any report has', [pid, obr({}), `OBX|1|TX|^检查所见||${'字'.repeat((1 << 20) + 1)}`], 104],
    ['a corrected report without text', [pid, obr({ 25: 'C' }), 'OBX|1|TX|^检查所见||""'], 101],
  ])('refuses %s with AE', (_, segments, errorCode) => {
    expect(read(...segments)).toMatchObject({ acknowledgementCode: 'AE', errorCode });
  });

  it('takes a withdrawal without text', () => {
    expect(reportOf(pid, obr({ 25: 'X' }))).toMatchObject({ status: 'withdrawn', findings: '' });
  });
});

describe('HL7 times', () => {
  it.each([
    ['2026', '2025-12-31T16:00:00.000Z'],
    ['20260301', '2026-02-28T16:00:00.000Z'],
    ['202603010930', '2026-03-01T01:30:00.000Z'],
    ['20260301093015.1239', '2026-03-01T01:30:15.123Z'],
    ['20260301093015+0000', '2026-03-01T09:30:15.000Z'],
    ['20260301093015-0530', '2026-03-01T15:00:15.000Z'],
  ])('%s is %s, in Shanghai where it names no zone', (text, instant) => {
    expect(readInstant(text, 480)?.toISOString()).toBe(instant);
  });

  it.each(['', '26', '20260230', '2026030125', 'yesterday', '20260301+', '2026030109301', '20260301093015+0800x'])(
    '%j is no time',
    (text) => {
      expect(readInstant(text, 480)).toBeUndefined();
    },
  );
});
