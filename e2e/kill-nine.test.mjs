// FD-1: kill -9 at random moments while a PACS sends. Nothing that was answered with Success may be lost, doubled or unreadable.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { cloneFile, nativePixels, realFiles, testData } from './support/dicom-files.mjs';
import { oru, sendMllp } from './support/hl7-client.mjs';
import { dicomValue, startHospital } from './support/hospital.mjs';
import { readFilm } from './support/read-film.mjs';
import { startOurs } from './support/server-process.mjs';

const kills = process.env.YINGYUN_LONG === '1' ? 200 : 50;
const filesPerRound = 8;

describe.skipIf(testData === undefined)('a gateway that is killed while it receives', () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'yingyun-kill-'));
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  it(`keeps every acknowledged image through ${kills} kills at random moments`, async () => {
    const sources = realFiles('mr/bch-brain-mprage');
    const clones = Array.from({ length: kills * filesPerRound }, (_, i) => {
      const source = sources[i % sources.length];
      const uid = `2.25.7700${String(i).padStart(6, '0')}`;
      return {
        file: cloneFile(source, path.join(work, `${i}.dcm`), { '0008,0018': uid, '0020,0013': String(i + 1) }),
        uid,
      };
    });
    const dataFolder = path.join(work, 'data');
    const acknowledged = new Set();
    let random = 20261124;
    const nextRandom = () => (random = (random * 1103515245 + 12345) % 2147483648) / 2147483648;
    for (let round = 0; round < kills; round++) {
      const server = await startOurs({ dataFolder });
      const batch = clones.slice(round * filesPerRound, (round + 1) * filesPerRound);
      // somewhere before, between or after the answers, whatever the machine's speed
      const answersFirst = Math.floor(nextRandom() * filesPerRound);
      await sendUntil(server, batch, acknowledged, async (answers) => {
        if (answers < answersFirst) return;
        await delay(nextRandom() * 40);
        await server.kill();
      });
    }
    expect(acknowledged.size).toBeGreaterThan(kills); // the moments hit the middle of the work, not only its edges

    const hospital = await startHospital({ dataFolder });
    try {
      await sendMllp(
        hospital.mllp,
        oru({
          studyInstanceUid: dicomValue(sources[0], '0020,000d'),
          patientId: dicomValue(sources[0], '0010,0020'),
          name: 'TEST',
          controlId: 'K1',
          findings: '所见',
          impression: '意见',
        }),
      );
      const film = await hospital.publishedFilm(180);
      // a film may be shown before its last image is archived; here every one must be
      for (let i = 0; i < 600 && (await underWay(hospital)) > 0; i++) await delay(200);
      expect(await underWay(hospital), 'still under way').toBe(0);
      const truth = new Map(clones.map(({ file, uid }) => [uid, file]));
      const seen = new Map();
      await readFilm(hospital, film.filmId, ({ attributes, pixels }) => {
        seen.set(attributes.sopInstanceUid, (seen.get(attributes.sopInstanceUid) ?? 0) + 1);
        expect(
          pixels.equals(nativePixels(truth.get(attributes.sopInstanceUid)).pixels),
          `pixels of ${attributes.sopInstanceUid}`,
        ).toBe(true);
      });
      expect(
        [...acknowledged].filter((uid) => !seen.has(uid)),
        'lost',
      ).toEqual([]);
      expect(
        [...seen].filter(([, times]) => times > 1),
        'doubled',
      ).toEqual([]);
      const { conflict = 0, quarantined = 0 } = await hospital.instances();
      expect({ conflict, quarantined }).toEqual({ conflict: 0, quarantined: 0 });
    } finally {
      await hospital.stop();
    }
  }, 900_000);
});

/** Instances between acknowledgement and verification. */
async function underWay(hospital) {
  const counts = await hospital.instances();
  return ['received', 'spooled', 'acknowledged', 'indexed', 'transcoded', 'stored'].reduce(
    (sum, state) => sum + counts[state],
    0,
  );
}

/**
 * storescu -v says after each file what was answered: the acknowledgements as the PACS saw them. `onAnswers` hears their number at the
 * start and after each.
 */
function sendUntil(server, batch, acknowledged, onAnswers) {
  return new Promise((resolve, reject) => {
    const files = batch.map(({ file }) => file);
    const child = spawn('storescu', ['-v', '-aec', 'YINGYUN', '127.0.0.1', String(server.dicom), ...files], {
      env: { ...process.env, TCP_NODELAY: '1' },
    });
    let text = '';
    let told = -1;
    const hear = (chunk) => {
      text += chunk;
      const answers = [...text.matchAll(/Received Store Response \(Success\)/g)].length;
      if (answers > told) Promise.resolve(onAnswers((told = answers))).catch(reject);
    };
    hear('');
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', () => {
      for (const { uid } of batch.slice(0, told)) acknowledged.add(uid);
      resolve(server.kill());
    });
  });
}
