// What the hospital's machines send about one patient: a chest CT with its approved report, and an earlier exam.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { oru, sendMllp } from './hl7-client.mjs';
import { dicomValue, storescu } from './hospital.mjs';

const chestFiles = () =>
  readdirSync(process.env.YINGYUN_LIDC)
    .filter((name) => name.endsWith('.dcm'))
    .map((name) => path.join(process.env.YINGYUN_LIDC, name));

/** 211 slices of LIDC and a report. `patient`: what else the hospital's record of the person says. @returns {Promise<{filmId: string, files: string[]}>} */
export async function sendChestCt(hospital, patient = {}) {
  const files = chestFiles();
  await storescu(hospital, files);
  const studyInstanceUid = dicomValue(files[0], '0020,000d');
  await sendReport(hospital, {
    studyInstanceUid,
    patientId: dicomValue(files[0], '0010,0020'),
    name: '测试',
    controlId: 'S1',
    findings: '两肺野清晰，未见实变。',
    impression: '胸部 CT 平扫未见明确异常。',
    ...patient,
  });
  const { filmId } = await hospital.publishedFilm();
  return { filmId, files };
}

/** Whether the earlier exam brings a structured report and a PDF: they are of the corpus. */
export const hasDocuments = process.env.YINGYUN_TESTDATA !== undefined;

/** Three slices of the same patient under UIDs of their own, with the report of another exam. */
export async function sendEarlierExam(hospital, patient, folder) {
  const root = '1.2.826.0.1.3680043.8.498.2026';
  const study = [`0020,000d=${root}.1`, '0008,0020=20251102', '0008,0050=EARLIER1'];
  const change = (file, name, changes) => {
    const copy = path.join(folder, name);
    copyFileSync(file, copy);
    execFileSync('dcmodify', ['-nb', '-gin', ...[...study, ...changes].flatMap((one) => ['-i', one]), copy], {
      stdio: 'ignore',
    });
    return copy;
  };
  const files = chestFiles()
    .slice(100, 103)
    .map((file, i) => change(file, `earlier-${i}.dcm`, [`0020,000e=${root}.2`]));
  const patientId = dicomValue(files[0], '0010,0020');
  const documents = hasDocuments
    ? ['dicom/sr/tid1500-dwv/sr-ruler.dcm', 'dicom/pdf/encapsulated/sample-pdf.dcm'].map((name, i) =>
        change(path.join(process.env.YINGYUN_TESTDATA, name), `document-${i}.dcm`, [`0010,0020=${patientId}`]),
      )
    : [];
  await storescu(hospital, [...files, ...documents]);
  await sendReport(hospital, {
    studyInstanceUid: `${root}.1`,
    patientId,
    accessionNumber: 'EARLIER1',
    controlId: 'S2',
    examItem: '腹部CT平扫',
    findings: '肝脏形态、密度未见异常。',
    impression: '腹部 CT 平扫未见异常。',
    ...patient,
  });
  await hospital.publishedFilm(120, (film) => film.instanceCount === files.length + documents.length);
}

async function sendReport(hospital, report) {
  expect(await sendMllp(hospital.mllp, oru(report))).toContain(`MSA|AA|${report.controlId}`);
}
