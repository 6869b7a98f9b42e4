// What the hospital's machines send about one patient: a chest CT with its approved report, and an earlier exam.
import { execFileSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { oru, sendMllp } from './hl7-client.mjs';
import { dicomValue, storescu } from './hospital.mjs';
import { writeKeyObject } from './key-object.mjs';

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

/**
 * Three slices of the same patient under UIDs of their own, the topmost marked by a key object; a structured report and a PDF where there
 * is a corpus; and the report of another exam.
 * @returns {Promise<{filmId: string, keyImage: string, pdf: Buffer | undefined}>} `keyImage`: SOP Instance UID; `pdf`: as dcmtk takes it out
 */
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
  const height = (file) => Number(dicomValue(file, '0020,0032').split('\\')[2]);
  const files = chestFiles()
    .sort((a, b) => height(a) - height(b))
    .slice(100, 103)
    .map((file, i) => change(file, `earlier-${i}.dcm`, [`0020,000e=${root}.2`]));
  const patientId = dicomValue(files[0], '0010,0020');
  const documents = hasDocuments
    ? ['dicom/sr/tid1500-dwv/sr-ruler.dcm', 'dicom/pdf/encapsulated/sample-pdf.dcm'].map((name, i) =>
        change(path.join(process.env.YINGYUN_TESTDATA, name), `document-${i}.dcm`, [`0010,0020=${patientId}`]),
      )
    : [];
  documents.push(writeKeyObject(files[2], path.join(folder, 'key-object.dcm'), `${root}.3`));
  await storescu(hospital, [...files, ...documents], { options: ['-R'] }); // proposes what the files are, documents among them
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
  const all = files.length + documents.length;
  const { filmId } = await hospital.publishedFilm(120, (film) => film.instanceCount === all);
  const keyImage = dicomValue(files[2], '0008,0018');
  return { filmId, keyImage, pdf: hasDocuments ? pdfWithin(documents[1], folder) : undefined };
}

/** An encapsulated PDF without the byte that evens it out. */
function pdfWithin(file, folder) {
  const target = path.join(folder, 'wanted.pdf');
  execFileSync('dcm2pdf', [file, target], { stdio: 'ignore' });
  return readFileSync(target);
}

async function sendReport(hospital, report) {
  const answer = await sendMllp(hospital.mllp, oru(report));
  if (!answer.includes(`MSA|AA|${report.controlId}`)) throw new Error(`the report was not taken: ${answer}`);
}
