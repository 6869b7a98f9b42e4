import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ctImageStorage, sampleDataSet } from '../../testing/dicom-samples';
import { startTestServer, type TestDicomServer } from '../../testing/dicom-server';
import { runPeer } from '../../testing/run-peer';
import { echo } from '../send/echo';
import { storeFiles } from '../send/store-files';
import { encodeFileMeta } from './file-meta';

let folder: string;
let cert: string;
let key: string;
let server: TestDicomServer;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'yingyun-dicom-tls-'));
  const self = [
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=127.0.0.1',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
  ];
  await runPeer('openssl', [
    'req',
    ...self,
    '-keyout',
    path.join(folder, 'key.pem'),
    '-out',
    path.join(folder, 'cert.pem'),
  ]);
  cert = await readFile(path.join(folder, 'cert.pem'), 'utf8');
  key = await readFile(path.join(folder, 'key.pem'), 'utf8');
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => server.close());

describe('DICOM over TLS', () => {
  it('is spoken with echoscu, with and without a certificate of its own', async () => {
    server = await startTestServer({ tls: { cert, key, clientCa: cert } });
    const address = ['-aec', 'YINGYUN', '127.0.0.1', String(server.port)];
    const files = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
    const known = await runPeer('echoscu', ['+tls', ...files, '+cf', path.join(folder, 'cert.pem'), ...address]);
    expect(known).toMatchObject({ code: 0 });
    const anonymous = await runPeer('echoscu', ['+tla', '+cf', path.join(folder, 'cert.pem'), ...address]);
    expect(anonymous.code).not.toBe(0);
    expect(server.counts().associations.accepted).toBe(1);
  });

  it('carries images from our own sender, which checks whom it talks to', async () => {
    server = await startTestServer({ tls: { cert, key } });
    const meta = encodeFileMeta({
      sopClassUid: ctImageStorage,
      sopInstanceUid: '1.2.3.4.5',
      transferSyntaxUid: '1.2.840.10008.1.2.1',
      sourceAeTitle: 'TEST',
    });
    const bytes = Buffer.concat([meta, sampleDataSet({}, 512, 512)]);
    expect(await storeFiles({ ...server.peer, tls: { ca: cert } }, [{ name: 'image', bytes }])).toMatchObject({
      sent: 1,
    });
    expect(server.dataSet(0)).toEqual(sampleDataSet({}, 512, 512));
    const other = await runPeer('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-subj',
      '/CN=other',
      '-keyout',
      path.join(folder, 'other-key.pem'),
    ]);
    const stranger = other.output.slice(other.output.indexOf('-----BEGIN CERTIFICATE'));
    await expect(echo({ ...server.peer, tls: { ca: stranger } })).rejects.toThrow('unreachable');
  });

  it('takes a renewed certificate and renewed peers for new connections, and still asks peers for theirs', async () => {
    server = await startTestServer({ tls: { cert, key, clientCa: cert } });
    const other = await runPeer('openssl', [
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=127.0.0.1'],
      ...['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', path.join(folder, 'renewed-key.pem')],
    ]);
    const renewed = {
      cert: other.output.slice(other.output.indexOf('-----BEGIN CERTIFICATE')),
      key: await readFile(path.join(folder, 'renewed-key.pem'), 'utf8'),
    };
    await echo({ ...server.peer, tls: { ca: cert, cert, key } });
    server.renewCertificate({ ...renewed, clientCa: cert });
    await echo({ ...server.peer, tls: { ca: renewed.cert, cert, key } });
    await expect(echo({ ...server.peer, tls: { ca: cert, cert, key } })).rejects.toThrow('unreachable');
    await expect(echo({ ...server.peer, tls: { ca: renewed.cert, ...renewed } })).rejects.toThrow();
    await expect(echo({ ...server.peer, tls: { ca: renewed.cert } })).rejects.toThrow();
    server.renewCertificate({ ...renewed, clientCa: renewed.cert });
    await echo({ ...server.peer, tls: { ca: renewed.cert, ...renewed } });
    await expect(echo({ ...server.peer, tls: { ca: renewed.cert, cert, key } })).rejects.toThrow();
  });

  it('survives plain DICOM and garbage on its port, and never answers in plain', async () => {
    server = await startTestServer({ tls: { cert, key }, limits: { artimMs: 300 } });
    await expect(echo({ ...server.peer, timeoutMs: 3000 })).rejects.toThrow();
    await echo({ ...server.peer, tls: { ca: cert } });
  });
});
