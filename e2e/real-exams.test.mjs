// Two whole exams from dcmtk's storescu, back through the API as a client reads them: every pixel equal to the file that was sent.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nativePixels, realFiles, testData } from './support/dicom-files.mjs';
import { oru, sendMllp } from './support/hl7-client.mjs';
import { dicomValue, startHospital, storescu } from './support/hospital.mjs';
import { readFilm } from './support/read-film.mjs';

const lidc = process.env.YINGYUN_LIDC;

describe.skipIf(testData === undefined || lidc === undefined)('a real exam', () => {
  let hospital;
  beforeAll(async () => {
    hospital = await startHospital();
  });
  afterAll(() => hospital?.stop());

  it.each([
    [
      'the 211-slice LIDC chest CT',
      () =>
        readdirSync(lidc)
          .filter((name) => name.endsWith('.dcm'))
          .map((name) => path.join(lidc, name)),
      'CT',
      211,
    ],
    ['the 175-slice brain MR', () => realFiles('mr/bch-brain-mprage'), 'MR', 175],
  ])(
    '%s comes back bit for bit, in slice order',
    async (_title, filesOf, modality, count) => {
      const files = filesOf();
      await storescu(hospital, files);
      const report = {
        studyInstanceUid: dicomValue(files[0], '0020,000d'),
        patientId: dicomValue(files[0], '0010,0020'),
      };
      const answer = await sendMllp(
        hospital.mllp,
        oru({ ...report, name: '测试', controlId: modality, findings: '所见', impression: '意见' }),
      );
      expect(answer).toContain(`MSA|AA|${modality}`);
      const film = await hospital.publishedFilm(180, (one) => one.modalities.includes(modality));
      const truth = new Map(
        files.map((file) => nativePixels(file)).map(({ sopInstanceUid, pixels }) => [sopInstanceUid, pixels]),
      );
      const positions = [];
      const manifest = await readFilm(hospital, film.filmId, ({ attributes, pixels }) => {
        expect(pixels.equals(truth.get(attributes.sopInstanceUid)), attributes.sopInstanceUid).toBe(true);
        truth.delete(attributes.sopInstanceUid);
        positions.push(attributes.imagePositionPatient);
      });
      expect(truth.size).toBe(0);
      expect(manifest.completeness.instanceCount).toBe(count);
      const along = positions.map((position) => position[modality === 'CT' ? 2 : 0]);
      const steps = along.slice(1).map((value, i) => Math.sign(value - along[i]));
      expect(new Set(steps).size, 'one direction').toBe(1);
    },
    240_000,
  );
});
