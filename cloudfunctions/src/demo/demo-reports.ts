import * as net from 'node:net';
import { type DemoExam, demoUid } from './demo-exams';
import { demoIdentity } from './demo-people';

/** The exam's approved report as the RIS would send it: ORU^R01, UTF-8 (docs/hl7-interface.md). `now` in the hospital's local time. */
export function demoReportMessage(exam: DemoExam, now: string): Uint8Array {
  const text = (lines: readonly string[]) => lines.map(escapeText).join('\\.br\\');
  const segments = [
    `MSH|^~\\&|RIS|DEMO|YINGYUN|DEMO|${now}||ORU^R01^ORU_R01|DEMO-${exam.accessionNumber}|P|2.5.1|||AL|NE||UNICODE UTF-8`,
    patientSegment(exam),
    `OBR|1|${exam.accessionNumber}|${exam.accessionNumber}|${exam.key}^${exam.examItem}|||${exam.studyDate}${exam.studyTime}|||||||||||${exam.accessionNumber}||||${now}||RAD|F|||||||1002&审核医师|1001&报告医师`,
    `ZDS|${demoUid(exam.key)}^YINGYUN^Application^DICOM`,
    `OBX|1|TX|FINDINGS^影像所见||${text(exam.findings)}||||||F`,
    `OBX|2|TX|IMPRESSION^诊断意见||${text(exam.impression)}||||||F`,
  ];
  return Buffer.from(`${segments.join('\r')}\r`, 'utf8');
}

/** The exam's patient as the HIS would register them, before any image: ADT^A04. `now` as above. */
export function demoRegistrationMessage(exam: DemoExam, now: string): Uint8Array {
  const segments = [
    `MSH|^~\\&|HIS|DEMO|YINGYUN|DEMO|${now}||ADT^A04^ADT_A01|DEMO-A04-${exam.accessionNumber}|P|2.5.1|||AL|NE||UNICODE UTF-8`,
    `EVN|A04|${now}`,
    patientSegment(exam),
    'PV1|1|O',
  ];
  return Buffer.from(`${segments.join('\r')}\r`, 'utf8');
}

function patientSegment(exam: DemoExam): string {
  const { idNumber, phone } = demoIdentity(exam);
  return `PID|1||${exam.patientId}^^^DEMO^MR~${idNumber}^^^DEMO^NI||${exam.hl7Name}||${exam.birthDate}|${exam.sex}|||||${phone}^PRN^CP`;
}

function escapeText(text: string): string {
  return text.replace(
    /[\\|^~&]/g,
    (c) => ({ '\\': '\\E\\', '|': '\\F\\', '^': '\\S\\', '~': '\\R\\', '&': '\\T\\' })[c] ?? c,
  );
}

/** Sends one message over MLLP and answers with MSA-1 ("AA", "AE", "AR"). */
export function sendHl7(host: string, port: number, message: Uint8Array, timeoutMs = 10_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host, port });
    let answer = Buffer.alloc(0);
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('no HL7 acknowledgement in time')));
    socket.on('connect', () => socket.write(Buffer.concat([Buffer.from([0x0b]), message, Buffer.from([0x1c, 0x0d])])));
    socket.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      if (!answer.includes(Buffer.from([0x1c, 0x0d]))) return;
      socket.end();
      resolve(/\rMSA\|([A-Z]{2})/.exec(answer.toString('latin1'))?.[1] ?? '??');
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('HL7 connection closed without an acknowledgement')));
  });
}
