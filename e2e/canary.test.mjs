// Nothing of a patient rests in clear: names, numbers and pixel patterns are searched for in every file the server has written.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import dicomParser from 'dicom-parser';
import { afterAll, describe, expect, it } from 'vitest';
import { cloneFile, realFiles, testData } from './support/dicom-files.mjs';
import { oru, sendMllp } from './support/hl7-client.mjs';
import { startHospital, storescu } from './support/hospital.mjs';

const canaries = {
  alphabetic: 'Kanarienvogel^Testina',
  han: '金丝雀测',
  patientId: 'CANARY650102199003078888',
  findings: '左肺下叶金丝雀样结节影',
  doctor: '钱报告',
  pixels: 'YINGYUN-PIXEL-CANARY-0123456789!',
  // what a header says besides: real ones carry names and numbers in any of these
  accessionNumber: 'CANARYACC88001',
  studyDescription: '金丝雀检查说明',
  seriesDescription: 'CANARY series of Mr Yellow',
  bodyPart: 'CANARY_WING',
  institution: '金丝雀医院',
  referringPhysician: 'Canaryref^Doctor',
  operator: 'Canaryop^Nurse',
  protocol: 'CANARY volunteer Li',
  windowExplanation: 'CANARY window',
  comments: '金丝雀病人备注',
  otherPatientId: 'CANARYOTHER7788',
  documentTitle: '金丝雀文书',
  // what a report says besides
  examItem: '金丝雀部平扫',
  fillerOrderNumber: 'CANARYFILLER42',
  placerOrderNumber: 'CANARYPLACER43',
  messageControlId: 'CANARYMSG44',
  idNumber: '11010519491231002X', // an example of GB 11643-1999
  phone: '13800138777',
};
/** Of both files: the image and the document. */
const header = {
  '0008,0005': 'ISO_IR 192',
  '0008,0050': canaries.accessionNumber,
  '0008,0080': canaries.institution,
  '0008,0090': canaries.referringPhysician,
  '0008,1030': canaries.studyDescription,
  '0008,103e': canaries.seriesDescription,
  '0008,1070': canaries.operator,
  '0010,0010': `${canaries.alphabetic}=${canaries.han}`,
  '0010,0020': canaries.patientId,
  '0010,1000': canaries.otherPatientId,
  '0010,4000': canaries.comments,
  '0018,0015': canaries.bodyPart,
  '0018,1030': canaries.protocol,
  '0020,000d': '2.25.880002',
};

describe.skipIf(testData === undefined)('a data folder', () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'yingyun-canary-'));
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  it('holds no patient name, number, report text or pixel pattern in clear, in no encoding', async () => {
    const file = cloneFile(realFiles('mr/bch-brain-mprage')[0], path.join(work, 'canary.dcm'), {
      ...header,
      '0008,0018': '2.25.880001',
      '0020,000e': '2.25.880003',
      '0028,1050': '500',
      '0028,1051': '900',
      '0028,1055': canaries.windowExplanation,
    });
    plantPixels(file);
    const document = cloneFile(realFiles('sr/text')[0], path.join(work, 'document.dcm'), {
      ...header,
      '0008,0018': '2.25.880004',
      '0020,000e': '2.25.880005',
      '0042,0010': canaries.documentTitle,
    });
    const hospital = await startHospital();
    try {
      const check = async (moment) => expect(findInFolder(hospital.folder), moment).toEqual([]);
      await storescu(hospital, [file, document]);
      await check('right after the acknowledgement');
      const message = oru({
        studyInstanceUid: '2.25.880002',
        patientId: canaries.patientId,
        name: canaries.han,
        controlId: canaries.messageControlId,
        findings: canaries.findings,
        impression: canaries.findings,
        examItem: canaries.examItem,
        idNumber: canaries.idNumber,
        phone: canaries.phone,
      }).replace('OBR|1|||', `OBR|1|${canaries.placerOrderNumber}|${canaries.fillerOrderNumber}|`);
      expect(await sendMllp(hospital.mllp, message)).toContain('MSA|AA');
      const film = await hospital.publishedFilm();
      await hospital.share(film.filmId);
      const found = await hospital.call('POST', '/api/films/search', { q: canaries.han }, hospital.token);
      expect(found.body.films).toMatchObject([{ examItem: canaries.examItem }]); // it is there, and searchable, only not in clear
      const byNumber = await hospital.call(
        'POST',
        '/api/films/search',
        { q: canaries.accessionNumber },
        hospital.token,
      );
      expect(byNumber.body.films).toHaveLength(1);
      const { body: manifest } = await hospital.call('GET', `/api/films/${film.filmId}`, undefined, hospital.token);
      expect(manifest).toMatchObject({ bodyPart: canaries.bodyPart });
      expect(manifest.series.map((one) => one.description)).toContain(canaries.seriesDescription);
      await check('after publishing, sharing, searching and viewing');
      expect(Object.values(canaries).filter((canary) => hospital.output().includes(canary))).toEqual([]);
    } finally {
      await hospital.stop();
    }
  }, 120_000);

  it('would notice a canary, if there were one', () => {
    const planted = mkdtempSync(path.join(work, 'planted-'));
    writeFileSync(path.join(planted, 'a.log'), Buffer.from(`x${canaries.han}x`, 'utf16le'));
    expect(findInFolder(planted)).toHaveLength(1);
  });
});

function plantPixels(file) {
  const bytes = readFileSync(file);
  const { dataOffset, length } = dicomParser.parseDicom(bytes).elements.x7fe00010;
  for (let at = 0; at + canaries.pixels.length <= length; at += canaries.pixels.length)
    bytes.write(canaries.pixels, dataOffset + at, 'latin1');
  writeFileSync(file, bytes);
}

/** Every canary in UTF-8, UTF-16, base64 and hexadecimal, in every file below the folder. */
function findInFolder(folder) {
  const needles = Object.entries(canaries).flatMap(([name, text]) => [
    [name, Buffer.from(text, 'utf8')],
    [`${name} (UTF-16)`, Buffer.from(text, 'utf16le')],
    [`${name} (base64)`, Buffer.from(Buffer.from(text, 'utf8').toString('base64').slice(0, -4))],
    [`${name} (hex)`, Buffer.from(Buffer.from(text, 'utf8').toString('hex'))],
  ]);
  const hits = [];
  const visit = (entry) => {
    if (statSync(entry, { throwIfNoEntry: false })?.isDirectory())
      for (const name of readdirSync(entry)) visit(path.join(entry, name));
    else if (statSync(entry, { throwIfNoEntry: false })?.isFile()) {
      const bytes = readFileSync(entry);
      for (const [name, needle] of needles)
        if (bytes.includes(needle)) hits.push(`${name} in ${path.relative(folder, entry)}`);
    }
  };
  visit(folder);
  return hits;
}
