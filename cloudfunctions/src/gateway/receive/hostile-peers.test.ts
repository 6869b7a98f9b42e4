import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ctImageStorage, sampleDataSet } from '../../testing/dicom-samples';
import { startTestServer, type TestDicomServer } from '../../testing/dicom-server';
import { encodeAssociateRequest } from '../dimse/associate-pdus';
import { commandField, encodeCommandSet } from '../dimse/command-set';
import { encodeReleaseRequest } from '../dimse/control-pdus';
import { encodeCommandPdus, encodeDataHead } from '../dimse/data-pdus';
import { RequestedAssociation } from '../send/requested-association';

let server: TestDicomServer;
afterEach(async () => {
  await server.close();
  expect(server.spool.openWriters).toBe(0);
  expect(server.logged.filter((line) => line.level === 'error')).toEqual([]); // hostile, not surprising
});

const contexts = [{ id: 1, abstractSyntax: ctImageStorage, transferSyntaxes: ['1.2.840.10008.1.2.1'] }];
const request = encodeAssociateRequest({ calledAeTitle: 'YINGYUN', callingAeTitle: 'EVIL', contexts });
const dataSet = sampleDataSet();
const storeCommand = encodeCommandSet({
  commandField: commandField.cStoreRequest,
  messageId: 1,
  affectedSopClassUid: ctImageStorage,
  affectedSopInstanceUid: '1.2.3.4.5',
  hasDataSet: true,
});
const storeMessage = Buffer.concat([
  encodeCommandPdus(1, storeCommand, 0),
  encodeDataHead(1, false, true, dataSet.length),
  dataSet,
]);

/** Sends bytes and gives everything that came back until the server closed the connection (or `after` ms passed). */
function talk(...writes: readonly Uint8Array[]): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1');
    const heard: Buffer[] = [];
    const timer = setTimeout(() => socket.destroy(), 5000);
    socket.on('data', (bytes) => heard.push(bytes));
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(heard));
    });
    for (const bytes of writes) socket.write(bytes);
  });
}

function openSocket(): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(server.port, '127.0.0.1', () => resolve(socket));
    socket.on('error', () => {});
  });
}

/** The A-ABORT at the end of an answer: [source, reason] of PS3.8 table 9-26. */
function abortIn(answer: Buffer): number[] {
  const tail = answer.subarray(-10);
  return tail[0] === 7 ? [tail[8] ?? -1, tail[9] ?? -1] : [];
}

describe('peers that break the protocol', () => {
  it('get an A-ABORT that says what was wrong', async () => {
    server = await startTestServer();
    const unrecognized = [2, 1];
    const unexpected = [2, 2];
    const invalid = [2, 6];
    const unexpectedParameter = [2, 5];
    expect(abortIn(await talk(Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n')))).toEqual(unrecognized);
    expect(abortIn(await talk(storeMessage))).toEqual(unexpected);
    expect(abortIn(await talk(encodeReleaseRequest()))).toEqual(unexpected);
    expect(abortIn(await talk(request, request))).toEqual(unexpected);
    expect(abortIn(await talk(request, Buffer.from([4, 0, 0xff, 0xff, 0xff, 0xf0, 0, 0])))).toEqual(invalid);
    expect(abortIn(await talk(Buffer.from([1, 0, 0xff, 0xff, 0xff, 0xf0, 0, 0])))).toEqual(invalid);
    expect(abortIn(await talk(request, Buffer.from([4, 0, 0, 0, 0, 8, 0, 0, 0, 9, 1, 3, 0, 0])))).toEqual(invalid);
    expect(abortIn(await talk(request, encodeCommandPdus(99, storeCommand, 0)))).toEqual(unexpectedParameter);
    expect(abortIn(await talk(request, encodeDataHead(1, false, true, 0)))).toEqual(unexpectedParameter);
    expect(
      abortIn(await talk(request, encodeCommandPdus(1, storeCommand, 0), encodeCommandPdus(1, storeCommand, 0))),
    ).toEqual(unexpectedParameter);
    expect(abortIn(await talk(request, encodeCommandPdus(1, Buffer.alloc(70_000), 0)))).toEqual(invalid);
    expect(server.associations()).toBe(0);
    const refused = server.logged.filter(({ event }) => event === 'dicom-connection-refused');
    expect(new Set(refused.map(({ fields }) => fields.address))).toEqual(new Set(['127.0.0.1'])); // who it was, after it has gone
  });

  it('may send one byte at a time', async () => {
    server = await startTestServer();
    const socket = await openSocket();
    socket.setNoDelay(true);
    const heard: Buffer[] = [];
    socket.on('data', (bytes) => heard.push(bytes));
    for (const byte of Buffer.concat([request, storeMessage, encodeReleaseRequest()])) {
      if (!socket.write(Uint8Array.of(byte))) await new Promise((resolve) => socket.once('drain', resolve));
    }
    await new Promise((resolve) => socket.on('close', resolve));
    expect(Buffer.concat(heard).subarray(-10)).toEqual(Buffer.from([6, 0, 0, 0, 0, 4, 0, 0, 0, 0])); // A-RELEASE-RP
    expect(server.dataSet(0)).toEqual(dataSet);
  });

  it('may cut or reset the connection anywhere', async () => {
    server = await startTestServer();
    const whole = Buffer.concat([request, storeMessage]);
    for (let cut = 0; cut < whole.length - 1; cut += 37) {
      const socket = await openSocket();
      socket.write(whole.subarray(0, cut));
      if (cut % 2 === 0) socket.resetAndDestroy();
      else socket.end();
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(server.associations()).toBe(0);
    expect(server.spool.committed).toHaveLength(0);
    expect(server.spool.openWriters).toBe(0);
  });

  it('may stay silent, but only until ARTIM', async () => {
    server = await startTestServer({ limits: { artimMs: 100 } });
    const start = Date.now();
    expect(await talk()).toHaveLength(0);
    // a byte now and then doesn't help: the whole request must be there
    const socket = await openSocket();
    const drip = setInterval(() => socket.write(Uint8Array.of(1)), 30);
    await new Promise((resolve) => socket.on('close', resolve));
    clearInterval(drip);
    expect(Date.now() - start).toBeLessThan(2000);
  });

  it('may die in the middle of an image, but only until the idle time-out', async () => {
    server = await startTestServer({ limits: { idleMs: 150, artimMs: 100 } });
    const answer = await talk(request, storeMessage.subarray(0, storeMessage.length - 100));
    expect(abortIn(answer)).toEqual([2, 0]);
    expect(server.spool.aborted).toBe(1);
    expect(server.associations()).toBe(0);
  });

  it('may ask without reading the answers: the server stops reading them', async () => {
    server = await startTestServer({ limits: { idleMs: 300, artimMs: 100 } });
    const socket = await openSocket();
    socket.pause();
    socket.write(request);
    const find = encodeCommandPdus(
      1,
      encodeCommandSet({ commandField: 0x0020, messageId: 1, affectedSopClassUid: '1'.repeat(64), hasDataSet: false }),
      0,
    );
    const many = Buffer.concat(Array.from({ length: 500 }, () => find));
    let blocked = false;
    for (let i = 0; i < 400 && !blocked; i++) blocked = !socket.write(many) && socket.writableLength > 8_000_000;
    expect(blocked).toBe(true);
    const closed = new Promise((resolve) => socket.on('close', resolve));
    socket.resume();
    await closed; // ended by the idle time-out or released by reading; never by exhaustion
    expect(process.memoryUsage().rss).toBeLessThan(1_500_000_000);
  });

  it('do not disturb two senders that keep to it', async () => {
    server = await startTestServer({ limits: { artimMs: 500 } }, { writeDelayMs: 1 });
    let isOver = false;
    const garbage = (async () => {
      const noise = Buffer.from(fc.sample(fc.uint8Array({ minLength: 3000, maxLength: 3000 }), 1)[0] ?? []);
      while (!isOver)
        await Promise.all([talk(noise), talk(request, noise), talk(request, storeMessage.subarray(0, 200), noise)]);
    })();
    const sender = async (n: number) => {
      const association = await RequestedAssociation.open(server.peer, contexts);
      for (let i = 0; i < 30; i++) {
        const sopInstanceUid = `1.2.3.${n}.${i}`;
        const bytes = sampleDataSet({ sopInstanceUid }, 64, 64);
        const answer = await association.request(
          1,
          {
            commandField: commandField.cStoreRequest,
            affectedSopClassUid: ctImageStorage,
            affectedSopInstanceUid: sopInstanceUid,
          },
          {
            pieces: (async function* () {
              yield bytes;
            })(),
            length: bytes.length,
          },
        );
        expect(answer.status).toBe(0);
      }
      await association.release();
    };
    await Promise.all([sender(1), sender(2)]);
    isOver = true;
    await garbage;
    const uids = server.spool.committed.map(({ record }) =>
      'sopInstanceUid' in record.entry ? record.entry.sopInstanceUid : '',
    );
    expect(new Set(uids.filter((uid) => uid !== '1.2.3.4.5')).size).toBe(60);
    expect(server.counts().associations.aborted).toBeGreaterThan(2);
  });

  it('can send any bytes after an association: every connection ends, nothing is acknowledged by chance', async () => {
    server = await startTestServer({ limits: { artimMs: 200, idleMs: 50 } });
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.tuple(fc.nat(storeMessage.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, flip]) => {
        const copy = Uint8Array.from(storeMessage);
        copy[at] = (copy[at] ?? 0) ^ flip;
        return copy;
      }),
      fc.nat(storeMessage.length - 1).map((length) => Uint8Array.from(storeMessage.subarray(0, length))),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (noise) => {
        const answer = await talk(request, noise);
        expect(answer.length).toBeGreaterThan(100); // at least the A-ASSOCIATE-AC
      }),
      { numRuns: 60 },
    );
    expect(server.associations()).toBe(0);
    expect(server.spool.committed.length).toBe(server.counts().acknowledged);
  });
});
