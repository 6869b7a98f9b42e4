import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseDicomUid } from '@yingyun/shared/domain/dicom-uid';
import { isProblem } from '@yingyun/shared/domain/problem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SealContext } from '../../ports/sealing';
import type { ArchiveTask, Transcoder, VerifyTask } from '../../ports/transcoder';
import { requireCompiled } from '../../testing/compiled';
import { corpusBytes, corpusFiles, seeded, solved, testData } from '../../testing/corpus';
import { createSeededRandom } from '../../testing/fakes';
import { madeInstance } from '../../testing/made-instance';
import { sm3OfPieces } from '../../testing/sm3-of-pieces';
import { createCfe1Sealer } from '../sealing/cfe1-sealer';
import { createInProcessTranscoder } from './in-process-transcoder';
import type * as Piscina from './piscina-transcoder';

const sealer = createCfe1Sealer({ random: createSeededRandom() });
const spoolKey = { keyId: 'a0a1a2a3-a4a5-a6a7-a8a9-aaabacadaeaf', bytes: new Uint8Array(randomBytes(32)) };
const studyKey = { keyId: 'b0b1b2b3-b4b5-b6b7-b8b9-babbbcbdbebf', bytes: new Uint8Array(randomBytes(32)) };
const spoolContext: SealContext = {
  tenantId: 't1',
  objectKey: 't1/20260301/x.cfe1',
  objectClass: 'spool',
  generation: 1,
};
const target: ArchiveTask['target'] = {
  key: studyKey,
  context: { tenantId: 't1', objectKey: 't1/1.2.3/1.2.3.4/1', objectClass: 'dicom', generation: 1 },
  renditionKey: 't1/1.2.3/1.2.3.4/1.view',
};

function uid(text: string) {
  const parsed = parseDicomUid(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

function task(plain: Uint8Array, sopInstanceUid = '1.2.3.4'): ArchiveTask {
  const { sealed, receipt } = sealer.seal(spoolKey, spoolContext, plain);
  return {
    source: { sealed, key: spoolKey, context: spoolContext, expected: receipt },
    expectedUids: {
      sopInstanceUid: uid(sopInstanceUid),
      studyInstanceUid: uid('1.2.3'),
      seriesInstanceUid: uid('1.2.3.1'),
    },
    target,
    text: { assumeChinese: true },
  };
}

/** Takes tasks that are ready. */
function eager({ archive, verify, close }: Transcoder) {
  return {
    archive: (one: ArchiveTask) => archive(async () => one),
    verify: (one: VerifyTask) => verify(async () => one),
    close,
  };
}

function piscina(): typeof Piscina {
  return requireCompiled()('adapters/transcoder/piscina-transcoder.js');
}

for (const [kind, open] of [
  ['in process', () => createInProcessTranscoder()],
  ['on a pool of workers', () => piscina().createTranscoder({ workers: 2 })],
] as const) {
  describe(`the transcoder ${kind}`, () => {
    let transcoder: ReturnType<typeof eager>;
    beforeAll(() => {
      transcoder = eager(open());
    });
    afterAll(() => transcoder.close());

    it('opens, indexes, transcodes and seals in one task', async () => {
      const made = madeInstance({ sopInstanceUid: '1.2.3.4', side: 64 });
      const archived = solved(await transcoder.archive(task(made)));
      expect(archived.identity).toMatchObject({
        sopInstanceUid: '1.2.3.4',
        instanceNumber: 7,
        patient: { patientId: 'P001', name: 'Zhang^San=张^三', birthDate: '1970-01-31', sex: 'M' },
        study: { accessionNumber: 'A1', studyAt: '2026-03-01T08:30:00', description: '胸部CT' },
        series: { modality: 'CT', seriesNumber: 2 },
      });
      expect(archived.transferSyntaxUid).toBe('1.2.840.10008.1.2.4.202');
      const plain = sealer.open(studyKey, target.context, archived.sealed, archived.receipt);
      expect(sm3OfPieces(plain)).toBe(archived.receipt.plainSm3);
      // SM3 over the made pixels, computed here from the file.
      expect(archived.pixelSm3).toBe(sm3OfPieces(made.subarray(made.length - 64 * 64 * 2)));
    });

    it('verifies what it sealed, and indexes it again when asked', async () => {
      const archived = solved(await transcoder.archive(task(madeInstance({ sopInstanceUid: '1.2.3.4' }))));
      const input = { sealed: archived.sealed, key: studyKey, context: target.context, expected: archived.receipt };
      const copy = new Uint8Array(archived.sealed);
      const verified = solved(
        await transcoder.verify({
          ...input,
          sealed: copy,
          index: { text: { assumeChinese: true }, renditionKey: 't1/again' },
        }),
      );
      expect(verified).toMatchObject({
        plainSm3: archived.receipt.plainSm3,
        plainLength: archived.receipt.plainLength,
      });
      const { identity, view, headerSm3, pixelSm3 } = archived;
      expect(verified.indexed).toEqual({ identity, view, headerSm3, pixelSm3 });
      archived.sealed[200] = (archived.sealed[200] ?? 0) ^ 1;
      expect(await transcoder.verify(input)).toMatchObject({ problem: 'sealed-object-invalid' });
    });

    it('refuses what is not the instance that was announced, or names no study', async () => {
      const other = task(madeInstance({ sopInstanceUid: '1.2.3.5' }));
      expect(await transcoder.archive(other)).toMatchObject({ problem: 'dicom-identifier-mismatch' });
      const nameless = task(madeInstance({ sopInstanceUid: '1.2.3.4', studyInstanceUid: '' }));
      expect(await transcoder.archive(nameless)).toMatchObject({ problem: 'dicom-identifier-missing' });
    });

    it('answers a problem for bytes that are no DICOM file', async () => {
      for (const bytes of [new Uint8Array(0), new Uint8Array(500), Buffer.from('GET / HTTP/1.1\r\n\r\n'.repeat(20))]) {
        expect(isProblem(await transcoder.archive(task(bytes)))).toBe(true);
      }
    });

    it.skipIf(!testData)(
      'answers something for every odd, cut or flipped file, and goes on working',
      async () => {
        const next = seeded(20260301);
        const names = [
          ...corpusFiles(/^dicom\/odd\//),
          ...corpusFiles(/ct-one-image-16|sc-rgb-small|jpeg-ls-variants|encapsulation-variants|mr\/enhanced.*emri/),
        ];
        let problems = 0;
        for (const name of names) {
          const original = corpusBytes(name);
          const copies = [original, original.slice(0, next(original.length)), original.slice(), original.slice()];
          for (const copy of copies.slice(2)) {
            for (let i = 0; i < 20; i++) {
              const at = next(i % 2 === 0 ? copy.length : Math.min(copy.length, 2000));
              copy[at] = (copy[at] ?? 0) ^ (1 << next(8));
            }
          }
          for (const copy of copies) {
            const { target, text } = task(new Uint8Array(0));
            const answer = await transcoder.archive({ target, text, source: { plain: copy }, expectedUids: undefined });
            if (isProblem(answer)) problems++;
            expect(
              isProblem(answer) && answer.problem === 'unexpected',
              `${name}: ${JSON.stringify(answer).slice(0, 200)}`,
            ).toBe(false);
          }
        }
        process.stdout.write(`${names.length * 4} files, ${problems} problems\n`);
        expect(problems).toBeGreaterThan(20);
        solved(await transcoder.archive(task(madeInstance({ sopInstanceUid: '1.2.3.4' }))));
      },
      240_000,
    );
  });
}

describe('a pool whose worker dies', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'yingyun-poison-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('loses only the image that kills it alone too, not one whose worker was lost once', async () => {
    const { createTranscoder } = piscina();
    // A worker that does what a codec at its worst does, told by the first byte; everything else goes to the real one.
    const real = path.resolve(import.meta.dirname, '../../../dist/adapters/transcoder/transcoder-worker.js');
    const workerFile = path.join(folder, 'poisoned.cjs');
    writeFileSync(
      workerFile,
      `const real = require(${JSON.stringify(real)});
       exports.verify = real.verify;
       exports.archive = async (task) => {
         const first = task.source.plain?.[0];
         if (first === 1) for (;;);
         if (first === 2) process.exit(3);
         if (first === 3) { const all = []; for (;;) all.push(new Array(1e6).fill('x' + all.length)); }
         if (first === 5 && !require('node:fs').existsSync(${JSON.stringify(path.join(folder, 'seen'))})) {
           require('node:fs').writeFileSync(${JSON.stringify(path.join(folder, 'seen'))}, '');
           process.exit(3);
         }
         if (first === 4) setImmediate(() => { throw new Error('abort'); }), await new Promise(() => {});
         return real.archive(task);
       };`,
    );
    const pool = createTranscoder({ workers: 2, timeoutMs: 4000, maxHeapMb: 64, workerFile });
    const transcoder = eager(pool);
    try {
      const good = () => transcoder.archive(task(madeInstance({ sopInstanceUid: '1.2.3.4' })));
      const poison = (first: number) =>
        pool.archive(async () => ({ ...task(new Uint8Array(1)), source: { plain: Uint8Array.of(first, 0) } }));
      const answers = await Promise.all([
        good(),
        poison(1),
        good(),
        poison(2),
        good(),
        poison(3),
        good(),
        poison(4),
        good(),
      ]);
      expect(answers.map((answer) => (isProblem(answer) ? answer.problem : 'archived'))).toEqual([
        'archived',
        'dicom-limit-exceeded',
        'archived',
        'dicom-limit-exceeded',
        'archived',
        'dicom-limit-exceeded',
        'archived',
        'dicom-limit-exceeded',
        'archived',
      ]);
      solved(await good());
      // The second time its worker lives: the bytes are no DICOM file, which only a worker can know.
      expect(await poison(5)).toMatchObject({ problem: 'dicom-malformed' });
    } finally {
      await transcoder.close();
    }
  }, 60_000);
});
