import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as dimse from 'dcmjs-dimse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ChildServer, freePort, startChildServer } from '../../testing/child-server';
import { testFiles } from '../../testing/dicom-samples';
import { startTestServer, type TestDicomServer } from '../../testing/dicom-server';
import { storeFiles } from '../send/store-files';

let server: TestDicomServer;
beforeEach(async () => {
  server = await startTestServer();
});
afterEach(() => server.close());

/** One small file each of uncompressed, RLE, JPEG lossless, JPEG-LS and JPEG 2000 images. */
function someFiles(): string[] {
  const names = [
    'MR_small.dcm',
    'MR_small_RLE.dcm',
    'JPGLosslessP14SV1_1s_1f_8b.dcm',
    'MR_small_jpeg_ls_lossless.dcm',
    'US1_J2KR.dcm',
  ];
  return [...testFiles('mr/single'), ...testFiles('us/single')].filter((file) => names.includes(path.basename(file)));
}

function storedUids(): string[] {
  return server.spool.committed.map(({ record }) =>
    'sopInstanceUid' in record.entry ? record.entry.sopInstanceUid : '',
  );
}

describe.skipIf(!process.env.YINGYUN_TESTDATA)('peers that are not DCMTK', () => {
  it('dcmjs-dimse verifies us and stores its files', async () => {
    dimse.log.setLevel('silent');
    const statuses: number[] = [];
    const client = new dimse.Client();
    const file = testFiles('mr/single').find((name) => name.endsWith('MR_small.dcm')) ?? '';
    for (const request of [new dimse.requests.CEchoRequest(), new dimse.requests.CStoreRequest(file)]) {
      request.on('response', (response) => statuses.push(response.getStatus()));
      client.addRequest(request);
    }
    await new Promise<void>((resolve, reject) => {
      client.on('closed', () => resolve());
      client.on('networkError', reject);
      client.send('127.0.0.1', server.port, 'DCMJS', 'YINGYUN');
    });
    expect(statuses).toEqual([0, 0]);
    expect(storedUids()).toHaveLength(1);
  });

  describe('Orthanc', () => {
    let folder: string;
    let orthanc: ChildServer;
    let dicomPort: number;
    beforeEach(async () => {
      folder = await mkdtemp(path.join(tmpdir(), 'yingyun-orthanc-'));
      const httpPort = await freePort();
      dicomPort = await freePort();
      const config = {
        HttpPort: httpPort,
        DicomPort: dicomPort,
        StorageDirectory: folder,
        IndexDirectory: folder,
        AuthenticationEnabled: false,
        RemoteAccessAllowed: false,
        DicomAlwaysAllowStore: true,
        DicomModalities: { gateway: ['YINGYUN', '127.0.0.1', server.port] },
      };
      await writeFile(path.join(folder, 'orthanc.json'), JSON.stringify(config));
      orthanc = await startChildServer('Orthanc', [path.join(folder, 'orthanc.json')], httpPort);
    });
    afterEach(async () => {
      await orthanc.stop();
      await rm(folder, { recursive: true, force: true });
    });
    const rest = async (route: string, body?: unknown): Promise<unknown> => {
      const url = `http://127.0.0.1:${orthanc.port}${route}`;
      const answer = await fetch(url, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) });
      expect(answer.status).toBe(200);
      return answer.json();
    };

    it('takes what we send and pushes it back to us', async () => {
      const files = someFiles();
      expect(files).toHaveLength(5);
      const peer = { host: '127.0.0.1', port: dicomPort, calledAeTitle: 'ORTHANC', callingAeTitle: 'YINGYUN' };
      const report = await storeFiles(peer, files);
      expect(report).toMatchObject({ refused: 0, unreadable: 0, notSent: 0 });
      await rest('/modalities/gateway/echo', {});
      const ids = await rest('/instances');
      await rest('/modalities/gateway/store', ids);
      const sent = report.files.map((one) => ('sopInstanceUid' in one ? one.sopInstanceUid : ''));
      expect(new Set(storedUids())).toEqual(new Set(sent));
      // Orthanc proposes what it holds first, and we keep that: nothing was decompressed on the way
      const syntaxes = server.spool.committed.map(
        ({ record }) => 'transferSyntaxUid' in record.entry && record.entry.transferSyntaxUid,
      );
      expect(new Set(syntaxes).size).toBeGreaterThanOrEqual(3);
    });
  });
});
