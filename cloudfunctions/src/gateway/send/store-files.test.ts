import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { isProblem } from '@yingyun/shared/domain/problem';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort, startChildServer } from '../../testing/child-server';
import { ctImageStorage, explicitElement, sampleDataSet, testFiles } from '../../testing/dicom-samples';
import { startTestServer, type TestDicomServer } from '../../testing/dicom-server';
import { sm3OfPieces } from '../../testing/sm3-of-pieces';
import { encodeFileMeta } from '../receive/file-meta';
import { echo } from './echo';
import { readPart10 } from './read-part10';
import { storeFiles } from './store-files';

let server: TestDicomServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

function file(
  name: string,
  sopInstanceUid: string,
  transferSyntaxUid = '1.2.840.10008.1.2.1',
  sopClassUid = ctImageStorage,
) {
  const meta = encodeFileMeta({ sopClassUid, sopInstanceUid, transferSyntaxUid, sourceAeTitle: 'TEST' });
  return { name, bytes: Buffer.concat([meta, sampleDataSet({ sopInstanceUid, sopClassUid })]) };
}

describe('sending files to our own gateway', () => {
  it('verifies it first', async () => {
    server = await startTestServer();
    await echo(server.peer);
    await expect(echo({ ...server.peer, calledAeTitle: 'NOBODY' })).rejects.toThrow(
      'rejected: permanent: called-ae-title-not-recognized',
    );
  });

  it('reports every file in the order given, and goes on after a refused one', async () => {
    server = await startTestServer();
    const progress: number[] = [];
    const report = await storeFiles({ ...server.peer, onProgress: ({ sent, total }) => progress.push(sent / total) }, [
      file('good', '1.2.3.1'),
      { name: 'noise', bytes: Buffer.from('no DICOM at all, but longer than a header') },
      { name: 'empty', bytes: new Uint8Array(0) },
      {
        name: 'no study',
        bytes: Buffer.concat([
          explicitElement(0x00080016, 'UI', ctImageStorage),
          explicitElement(0x00080018, 'UI', '1.2.3.2'),
        ]),
      },
      path.join(tmpdir(), 'there-is-no-such-file.dcm'),
      file('private', '1.2.3.3', undefined, '1.3.12.2.1107.5.9.1'),
      file('good too', '1.2.3.4'),
    ]);
    expect(report).toMatchObject({ sent: 2, refused: 2, unreadable: 3, notSent: 0 });
    expect(report.files.map((one) => one.outcome)).toEqual([
      'sent',
      'unreadable',
      'unreadable',
      'refused',
      'unreadable',
      'refused',
      'sent',
    ]);
    expect(report.files[3]).toMatchObject({ status: 0xa900, comment: '(0020,000D) is missing' });
    expect(report.files[5]).toMatchObject({ status: 0x0122 });
    expect(progress).toHaveLength(7);
    expect(progress.at(-1)).toBeCloseTo(2 / 7);
  });

  it('shares a queue among associations, and does without those it is not given', async () => {
    server = await startTestServer({ limits: { maxAssociations: 2 } }, { writeDelayMs: 2 });
    const files = Array.from({ length: 30 }, (_, i) => file(`f${i}`, `1.2.3.${i + 1}`));
    const report = await storeFiles({ ...server.peer, maxAssociations: 4 }, files);
    expect(report).toMatchObject({ sent: 30, notSent: 0 });
    expect(server.counts().associations).toMatchObject({ accepted: 2, rejected: 2 });
  });

  it('splits more than 128 pairs of class and syntax over several associations', async () => {
    server = await startTestServer();
    const files = Array.from({ length: 200 }, (_, i) =>
      file(`f${i}`, `1.2.3.${i + 1}`, undefined, `1.2.840.10008.5.1.4.1.1.9999.${i + 1}`),
    );
    expect(await storeFiles(server.peer, files)).toMatchObject({ sent: 200 });
    expect(server.counts().associations.accepted).toBe(2);
  });

  it('says not sent where nobody listens, and where the peer goes away in the middle', async () => {
    const nobody = await startTestServer();
    await nobody.close();
    const report = await storeFiles(nobody.peer, [file('a', '1.2.3.1'), file('b', '1.2.3.2')]);
    expect(report).toMatchObject({ sent: 0, notSent: 2 });
    expect(report.files[0]).toMatchObject({ outcome: 'not-sent', reason: expect.stringContaining('unreachable') });
    // accepts the connection and closes it at once
    const rude = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    const address = rude.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    expect(await storeFiles({ ...nobody.peer, port, timeoutMs: 2000 }, [file('a', '1.2.3.1')])).toMatchObject({
      notSent: 1,
    });
    await new Promise((resolve) => rude.close(resolve));
  });

  it('gives a peer that never answers its time and no more', async () => {
    const silent = createServer((socket) => socket.on('error', () => {}));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const peer = { host: '127.0.0.1', port, calledAeTitle: 'A', callingAeTitle: 'B', timeoutMs: 100 };
    const report = await storeFiles(peer, [file('a', '1.2.3.1')]);
    expect(report.files[0]).toMatchObject({ outcome: 'not-sent', reason: expect.stringContaining('timeout') });
    silent.close();
  });

  describe.skipIf(!process.env.YINGYUN_TESTDATA)('with real files', () => {
    it('brings every syntax over without changing one byte of a data set', async () => {
      server = await startTestServer();
      const files = ['transfer-syntaxes', 'mr', 'us', 'mg', 'odd'].flatMap((folder) => testFiles(folder));
      const report = await storeFiles({ ...server.peer, maxAssociations: 3 }, files);
      const sent = report.files.filter((one) => one.outcome === 'sent');
      expect(sent.length).toBeGreaterThan(280);
      const expected: string[] = [];
      for (const { file: name } of sent) {
        const part10 = await readPart10(name);
        if (isProblem(part10)) throw new Error('was sent, so it was readable');
        expected.push(
          `${part10.transferSyntaxUid} ${sm3OfPieces((await readFile(name)).subarray(part10.dataSetOffset))}`,
        );
      }
      const kept = server.spool.committed.map(({ record }) => {
        return record.entry.kind === 'instance-acknowledged'
          ? `${record.entry.transferSyntaxUid} ${record.entry.receivedSm3}`
          : '';
      });
      expect(kept.toSorted()).toEqual(expected.toSorted());
      expect(new Set(kept.map((line) => line.split(' ')[0])).size).toBeGreaterThanOrEqual(16);
    });

    it('refuses the intentionally broken ones with a status that says so', async () => {
      server = await startTestServer();
      const report = await storeFiles(server.peer, testFiles('odd'));
      const outcome = (name: string) => {
        const found = report.files.find((one) => path.basename(one.file) === name);
        return found?.outcome === 'refused' ? `0x${found.status.toString(16)} ${found.comment}` : found?.outcome;
      };
      expect(outcome('MR_truncated.dcm')).toBe('0xc000 data set ends within an element');
      expect(outcome('rtplan_truncated.dcm')).toBe('0xc000 data set ends within an element');
      expect(outcome('emri_small_jpeg_2k_lossless_too_short.dcm')).toBe('0xc000 data set ends within an element');
      expect(outcome('GH364.dcm')).toBe('0xc000 (FFFE,E000) out of place');
      expect(outcome('UN_sequence.dcm')).toBe('0xa900 (0008,0016) is missing');
      expect(outcome('GH223.dcm')).toBe('0xa900 (0020,000D) is missing');
      // odd, but whole
      for (const name of [
        'OT-PAL-8-face',
        'OT_Implicit_Little_Headless.dcm',
        'JPEG2000-embedded-sequence-delimiter.dcm',
        'badVR.dcm',
      ]) {
        expect(outcome(name)).toBe('sent');
      }
    });
  });
});

describe.skipIf(!process.env.YINGYUN_TESTDATA)('sending files to storescp', () => {
  it('arrives there byte for byte', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'yingyun-storescp-'));
    const port = await freePort();
    const scp = await startChildServer(
      'storescp',
      ['+xa', '+B', '-aet', 'STORESCP', '-od', folder, String(port)],
      port,
    );
    try {
      const peer = { host: '127.0.0.1', port, calledAeTitle: 'STORESCP', callingAeTitle: 'YINGYUN' };
      await echo(peer);
      // the files of one syntax each: storescp names its files by SOP instance, which is the same in all of them
      for (const uid of ['1.2.840.10008.1.2', '1.2.840.10008.1.2.2', '1.2.840.10008.1.2.5', '1.2.840.10008.1.2.4.90']) {
        const name =
          testFiles('transfer-syntaxes/ct-one-image-16-syntaxes').find((one) => one.endsWith(`_${uid}.dcm`)) ?? '';
        const report = await storeFiles(peer, [name]);
        expect(report).toMatchObject({ sent: 1 });
        const [arrived = ''] = await readdir(folder);
        const there = await readPart10(path.join(folder, arrived));
        const here = await readPart10(name);
        if (isProblem(there) || isProblem(here)) throw new Error('not readable');
        expect(there.transferSyntaxUid).toBe(uid);
        const dataSetThere = (await readFile(path.join(folder, arrived))).subarray(there.dataSetOffset);
        expect(dataSetThere.equals((await readFile(name)).subarray(here.dataSetOffset))).toBe(true);
        await rm(path.join(folder, arrived));
      }
    } finally {
      await scp.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
