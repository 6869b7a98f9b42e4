import { afterEach, expect, it } from 'vitest';
import { ctImageStorage, sampleHeader } from '../../testing/dicom-samples';
import { startTestServer, type TestDicomServer } from '../../testing/dicom-server';
import { commandField } from '../dimse/command-set';
import { RequestedAssociation } from '../send/requested-association';

let server: TestDicomServer;
afterEach(() => server.close());

it('streams an object of 200 MB through less than 64 MB, at the pace of the spool', async () => {
  server = await startTestServer({}, { keepsBytes: false });
  const association = await RequestedAssociation.open(server.peer, [
    { id: 1, abstractSyntax: ctImageStorage, transferSyntaxes: ['1.2.840.10008.1.2.1'] },
  ]);
  const pixelBytes = 200 * 1_048_576;
  const head = Buffer.concat([sampleHeader(), Buffer.from('e07f10004f570000', 'hex'), Buffer.alloc(4)]);
  head.writeUInt32LE(pixelBytes, head.length - 4);
  const piece = Buffer.alloc(1_048_576, 3);
  async function* pieces() {
    yield head;
    for (let sent = 0; sent < pixelBytes; sent += piece.length) yield piece;
  }
  const before = process.memoryUsage().rss;
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss - before);
  }, 20);
  const answer = await association.request(
    1,
    {
      commandField: commandField.cStoreRequest,
      affectedSopClassUid: ctImageStorage,
      affectedSopInstanceUid: '1.2.3.4.5',
    },
    { pieces: pieces(), length: head.length + pixelBytes },
  );
  clearInterval(watch);
  expect(answer.status).toBe(0);
  await association.release();
  expect(server.spool.committed[0]?.record.entry.spool.plainLength).toBeGreaterThan(pixelBytes);
  expect(most).toBeLessThan(64 * 1_048_576); // sender and receiver together
});
