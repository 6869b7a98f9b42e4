import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findTransferSyntax, knownTransferSyntaxUids } from '@yingyun/shared/dicom/transfer-syntax';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ctImageStorage, sampleDataSet, sampleHeader, testFiles } from '../../testing/dicom-samples';
import { startTestServer, type TestDicomServer } from '../../testing/dicom-server';
import { runPeer } from '../../testing/run-peer';
import { sm3OfPieces } from '../../testing/sm3-of-pieces';
import { commandField } from '../dimse/command-set';
import { type PeerAddress, RequestedAssociation } from '../send/requested-association';

const explicitLe = '1.2.840.10008.1.2.1';
const ctContext = [{ id: 1, abstractSyntax: ctImageStorage, transferSyntaxes: [explicitLe] }];

let server: TestDicomServer;
afterEach(async () => {
  await server.close();
  expect(server.spool.openWriters).toBe(0); // nothing half received stays behind, whatever the test did
});

async function* inPieces(bytes: Uint8Array, length = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

function store(
  association: RequestedAssociation,
  sopInstanceUid: string,
  dataSet: Uint8Array,
  sopClassUid = ctImageStorage,
  contextId = 1,
) {
  return association.request(
    contextId,
    {
      commandField: commandField.cStoreRequest,
      affectedSopClassUid: sopClassUid,
      affectedSopInstanceUid: sopInstanceUid,
      priority: 0,
    },
    { pieces: inPieces(dataSet), length: dataSet.length },
  );
}

describe('DICOM server and its answers', () => {
  const open = (peer: PeerAddress = server.peer) => RequestedAssociation.open(peer, ctContext);

  it('acknowledges an image only with its journal entry, and writes a Part 10 file around the bytes as received', async () => {
    server = await startTestServer();
    const association = await open();
    const dataSet = sampleDataSet({ sopInstanceUid: '1.2.3.4.77' });
    expect(await store(association, '1.2.3.4.77', dataSet)).toMatchObject({
      status: 0,
      commandField: 0x8001,
      affectedSopInstanceUid: '1.2.3.4.77',
    });
    await association.release();
    expect(server.dataSet(0)).toEqual(dataSet);
    expect(server.spool.committed[0]?.record.entry).toMatchObject({
      kind: 'instance-acknowledged',
      tenantId: 'test-hospital',
      callingAeTitle: 'TESTSCU',
      sopClassUid: ctImageStorage,
      sopInstanceUid: '1.2.3.4.77',
      studyInstanceUid: '1.2.3',
      seriesInstanceUid: '1.2.3.4',
      transferSyntaxUid: explicitLe,
      receivedSm3: sm3OfPieces(dataSet),
      receivedAt: '2026-03-01T08:30:00.123Z',
    });
    expect(server.announced()).toBe(1);
  });

  it('keeps an encapsulated object in every syntax it knows', async () => {
    server = await startTestServer();
    const uids = knownTransferSyntaxUids().filter((uid) => findTransferSyntax(uid)?.isEncapsulated);
    expect(uids.length).toBeGreaterThan(40);
    const contexts = uids.map((uid, i) => ({ id: 2 * i + 1, abstractSyntax: ctImageStorage, transferSyntaxes: [uid] }));
    const association = await RequestedAssociation.open(server.peer, contexts);
    for (const [i, uid] of uids.entries()) {
      expect(association.acceptedSyntax(2 * i + 1)).toBe(uid);
      const sopInstanceUid = `1.2.3.${i + 1}`;
      const dataSet = Buffer.concat([
        sampleHeader({ sopInstanceUid }),
        Buffer.from('e07f10004f420000ffffffff', 'hex'), // Pixel Data OB of undefined length
        Buffer.from('feff00e000000000feff00e004000000', 'hex'), // empty offset table, a fragment of 4 bytes
        Buffer.from('01020304feffdde000000000', 'hex'),
      ]);
      expect((await store(association, sopInstanceUid, dataSet, ctImageStorage, 2 * i + 1)).status).toBe(0);
      expect(server.dataSet(i)).toEqual(dataSet);
      expect(server.spool.committed[i]?.record.entry).toMatchObject({ transferSyntaxUid: uid });
    }
    await association.release();
  });

  it('refuses what it could not find again, says why, and takes the next image', async () => {
    server = await startTestServer();
    const association = await open();
    const refusals: [Uint8Array, number, string][] = [
      [sampleDataSet({ studyInstanceUid: '' }), 0xa900, '(0020,000D) is missing'],
      [sampleDataSet({ seriesInstanceUid: '' }), 0xa900, '(0020,000E) is missing'],
      [sampleDataSet({ sopInstanceUid: '' }), 0xa900, '(0008,0018) is missing'],
      [sampleDataSet({ studyInstanceUid: '1.2/../../etc' }), 0xa900, '(0020,000D) is no valid UID'],
      [sampleDataSet({ sopInstanceUid: '1.2.3.4.6' }), 0xa900, '(0008,0018) is not the Affected SOP Instance UID'],
      [
        sampleDataSet({ sopClassUid: '1.2.840.10008.5.1.4.1.1.4' }),
        0xa900,
        '(0008,0016) is not the Affected SOP Class UID',
      ],
      [sampleDataSet().subarray(0, 300), 0xc000, 'data set ends within an element'],
      [Buffer.from('GET / HTTP/1.1\r\n\r\n'), 0xc000, 'data set ends within an element'],
      [sampleHeader({}, 65_535, 65_535), 0xc010, '4294836225 samples a frame, 1 frames'],
      [new Uint8Array(0), 0xc000, 'empty data set'],
    ];
    for (const [dataSet, status, errorComment] of refusals) {
      const answer = await store(association, '1.2.3.4.5', dataSet);
      expect(answer).toMatchObject({ status, errorComment });
    }
    expect((await store(association, '1.2.3.4.5', sampleDataSet())).status).toBe(0);
    await association.release();
    expect(server.counts()).toMatchObject({
      received: 11,
      acknowledged: 1,
      refused: { '0xA900': 6, '0xC000': 3, '0xC010': 1 },
    });
  });

  it('refuses a command that does not fit its context', async () => {
    server = await startTestServer();
    const association = await open();
    expect((await store(association, '1.2.3.4.5', sampleDataSet(), '1.2.840.10008.5.1.4.1.1.4')).status).toBe(0x0122);
    expect((await store(association, '1.2/3', sampleDataSet())).status).toBe(0x0117);
    expect((await association.request(1, { commandField: 0x0020, affectedSopClassUid: ctImageStorage })).status).toBe(
      0x0211,
    ); // C-FIND
    expect((await store(association, '1.2.3.4.5', sampleDataSet())).status).toBe(0);
    await association.release();
  });

  it('says out of resources while the spool is full, and recovers on the same association', async () => {
    server = await startTestServer({}, { capacity: 5000 });
    const association = await open();
    expect(await store(association, '1.2.3.4.5', sampleDataSet({}, 100, 100))).toMatchObject({
      status: 0xa700,
      errorComment: 'out-of-space',
    });
    expect((await store(association, '1.2.3.4.5', sampleDataSet())).status).toBe(0);
    await association.release();
    expect(server.spool.aborted).toBe(1);
  });

  it('never says Success where the commit failed', async () => {
    server = await startTestServer({}, { failsToCommit: true });
    const association = await open();
    expect((await store(association, '1.2.3.4.5', sampleDataSet())).status).toBe(0xa700);
    await association.release();
    expect(server.announced()).toBe(0);
    expect(server.spool.aborted).toBe(1);
  });

  it('refuses an object above its size, without keeping it', async () => {
    server = await startTestServer({ limits: { maxObjectBytes: 10_000 } });
    const association = await open();
    expect((await store(association, '1.2.3.4.5', sampleDataSet({}, 90, 90))).status).toBe(0xc010);
    expect((await store(association, '1.2.3.4.5', sampleDataSet())).status).toBe(0);
    await association.release();
  });

  it('rejects by AE title, by list and by number of associations', async () => {
    server = await startTestServer({
      limits: { maxAssociations: 2 },
      peers: [{ aeTitle: 'TESTSCU', address: '127.0.0.1' }],
    });
    await expect(open({ ...server.peer, calledAeTitle: 'OTHER' })).rejects.toThrow(
      'permanent: called-ae-title-not-recognized',
    );
    await expect(open({ ...server.peer, callingAeTitle: 'OTHER' })).rejects.toThrow(
      'permanent: calling-ae-title-not-recognized',
    );
    const two = [await open(), await open()];
    await expect(open()).rejects.toThrow('transient: local-limit-exceeded');
    expect(server.associations()).toBe(2);
    await two[0]?.release();
    const third = await open();
    for (const association of [two[1], third]) await association?.release();
    expect(server.counts().associations).toEqual({ accepted: 3, rejected: 3, aborted: 0 });
  });

  it('reports a taken port with the system error', async () => {
    server = await startTestServer();
    await expect(startTestServer({ port: server.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('closes while an image is under way: nothing half received stays', async () => {
    server = await startTestServer({}, { writeDelayMs: 30 });
    const association = await open();
    const pending = store(association, '1.2.3.4.5', sampleDataSet({}, 200, 200));
    const outcome = expect(pending).rejects.toThrow(/aborted/);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await server.close();
    await outcome;
    expect(server.spool.committed).toHaveLength(0);
  });
});

describe.skipIf(!process.env.YINGYUN_TESTDATA)('DICOM server beside DCMTK', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'yingyun-dicom-'));
    server = await startTestServer();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const storescu = (...args: string[]) =>
    runPeer('storescu', ['-v', '-aec', 'YINGYUN', '127.0.0.1', String(server.port), ...args]);

  it('answers echoscu', async () => {
    expect(await runPeer('echoscu', ['-aec', 'YINGYUN', '127.0.0.1', String(server.port)])).toEqual({
      code: 0,
      output: '',
    });
    const refused = await runPeer('echoscu', ['-aec', 'NOBODY', '127.0.0.1', String(server.port)]);
    expect(refused.output).toContain('Called AE Title Not Recognized');
  });

  it('takes a whole CT from storescu; every spooled file is one that dcmdump reads', async () => {
    const { code } = await storescu('+sd', '+r', path.dirname(testFiles('ct/philips-head-phantom-tilt')[0] ?? ''));
    expect(code).toBe(0);
    expect(server.spool.committed).toHaveLength(18);
    const spooled = path.join(folder, 'spooled.dcm');
    for (const [i, { record, bytes }] of server.spool.committed.entries()) {
      if (record.entry.kind !== 'instance-acknowledged') throw new Error('not an instance');
      expect(record.entry.receivedSm3).toBe(sm3OfPieces(server.dataSet(i)));
      await writeFile(spooled, bytes);
      const { code, output } = await runPeer('dcmdump', [
        '-Un',
        '+P',
        '0002,0003',
        '+P',
        '0002,0016',
        '+P',
        '0008,0018',
        spooled,
      ]);
      expect(code).toBe(0);
      expect(output.match(/\[[^\]]+\]/g)).toEqual([
        `[${record.entry.sopInstanceUid}]`,
        '[STORESCU]',
        `[${record.entry.sopInstanceUid}]`,
      ]);
    }
  });

  // DCMTK's own option for each syntax it can propose; the same CT slice in each of them
  const options: [option: string, uid: string][] = [
    ['-xi', '1.2.840.10008.1.2'],
    ['-xe', '1.2.840.10008.1.2.1'],
    ['-xd', '1.2.840.10008.1.2.1.99'],
    ['-xr', '1.2.840.10008.1.2.5'],
    ['-xy', '1.2.840.10008.1.2.4.50'],
    ['-xx', '1.2.840.10008.1.2.4.51'],
    ['-xs', '1.2.840.10008.1.2.4.70'],
    ['-xt', '1.2.840.10008.1.2.4.80'],
    ['-xu', '1.2.840.10008.1.2.4.81'],
    ['-xv', '1.2.840.10008.1.2.4.90'],
    ['-xw', '1.2.840.10008.1.2.4.91'],
  ];
  it.each(options)('keeps what storescu %s sends in %s', async (option, uid) => {
    const file =
      testFiles('transfer-syntaxes/ct-one-image-16-syntaxes').find((name) => name.endsWith(`_${uid}.dcm`)) ?? '';
    const { code, output } = await storescu(option, file);
    expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    const entry = server.spool.committed[0]?.record.entry;
    expect(entry?.kind === 'instance-acknowledged' ? entry.transferSyntaxUid : '').toBe(uid);
    const spooled = path.join(folder, 'spooled.dcm');
    await writeFile(spooled, server.spool.committed[0]?.bytes ?? '');
    const dump = async (name: string) => {
      const { output } = await runPeer('dcmdump', [
        '-q',
        '+P',
        '0010,0010',
        '+P',
        '0028,0010',
        '+P',
        '7fe0,0010',
        '+W',
        folder,
        name,
      ]);
      return output.replace(/=\S+/g, '');
    };
    expect(await dump(spooled)).toBe(await dump(file));
  });

  it('keeps big endian and the retired JPEG processes that a configured storescu proposes', async () => {
    const uids = ['1.2.840.10008.1.2.2', '1.2.840.10008.1.2.4.53', '1.2.840.10008.1.2.4.55', '1.2.840.10008.1.2.4.57'];
    for (const uid of uids) {
      const config = [
        '[[TransferSyntaxes]]',
        '[Own]',
        `TransferSyntax1 = ${uid}`,
        '[[PresentationContexts]]',
        '[Contexts]',
        'PresentationContext1 = CTImageStorage\\Own',
        '[[Profiles]]',
        '[Push]',
        'PresentationContexts = Contexts',
      ];
      await writeFile(path.join(folder, 'push.cfg'), config.join('\n'));
      const file =
        testFiles('transfer-syntaxes/ct-one-image-16-syntaxes').find((name) => name.endsWith(`_${uid}.dcm`)) ?? '';
      const { code, output } = await storescu('-xf', path.join(folder, 'push.cfg'), 'Push', file);
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    }
    expect(
      server.spool.committed.map(({ record }) => 'transferSyntaxUid' in record.entry && record.entry.transferSyntaxUid),
    ).toEqual(uids);
  });

  it('hears an abort in the middle, and serves four senders at once', async () => {
    const files = testFiles('mr/bch-brain-mprage').slice(0, 40);
    await storescu('--abort', files[0] ?? '');
    const runs = await Promise.all([0, 1, 2, 3].map((n) => storescu(...files.slice(10 * n, 10 * n + 10))));
    expect(runs.map((run) => run.code)).toEqual([0, 0, 0, 0]);
    expect(server.counts()).toMatchObject({ acknowledged: 41, associations: { accepted: 5, aborted: 1 } });
  });

  it('lets a port be found free again after close', async () => {
    await server.close();
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(server.port, '127.0.0.1', resolve));
    await new Promise((resolve) => probe.close(resolve));
  });
});
