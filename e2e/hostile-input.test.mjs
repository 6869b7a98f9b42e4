// Bad input at the real doors: a clear status for the sender, the process stays up, memory stays bounded, other senders notice nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloneFile, realFiles, testData } from './support/dicom-files.mjs';
import { oru, sendMllp } from './support/hl7-client.mjs';
import { startHospital, storescu } from './support/hospital.mjs';

describe.skipIf(testData === undefined)('a gateway that is sent rubbish', () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'yingyun-hostile-'));
  let hospital;
  let good = 0;
  beforeAll(async () => {
    hospital = await startHospital();
  });
  afterAll(async () => {
    await hospital?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  /** A good sender is served right now. */
  async function stillServes() {
    good += 1;
    await storescu(hospital, [
      cloneFile(realFiles('mr/bch-brain-mprage')[0], path.join(work, 'good.dcm'), { '0008,0018': `2.25.9900${good}` }),
    ]);
    expect(hospital.child.exitCode).toBeNull();
  }

  it('refuses a PDU that announces 0xFFFFFFF0 bytes at its header', async () => {
    const answer = await talk(hospital.dicom, Buffer.from([1, 0, 0xff, 0xff, 0xff, 0xf0, 0, 1]));
    expect(answer.isClosed).toBe(true);
    await stillServes();
  });

  it('refuses HTTP on the DICOM port and DICOM on the HTTP port', async () => {
    expect((await talk(hospital.dicom, Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))).isClosed).toBe(true);
    await talk(hospital.http, Buffer.from([1, 0, 0, 0, 0, 80, 0, 1]));
    await stillServes();
  });

  it('survives truncated and bit-flipped copies of real files, each with a DICOM status', async () => {
    const source = readFileSync(realFiles('transfer-syntaxes/ct-one-image-16-syntaxes')[1]);
    let random = 7;
    const next = () => (random = (random * 1103515245 + 12345) % 2147483648) / 2147483648;
    const files = Array.from({ length: 40 }, (_, i) => {
      const bytes = Buffer.from(source);
      for (let flip = 0; flip < 6; flip++)
        bytes[400 + Math.floor(next() * (bytes.length - 400))] ^= 1 << Math.floor(next() * 8);
      const file = path.join(work, `flipped${i}.dcm`);
      writeFileSync(file, i % 2 === 0 ? bytes : bytes.subarray(0, 400 + Math.floor(next() * (bytes.length - 400))));
      return file;
    });
    const before = hospital.peakMb();
    pushWithOurTool(hospital, files);
    await stillServes();
    expect(hospital.peakMb() - before).toBeLessThan(400);
  });

  it('takes or refuses every odd file of the corpus and stays up', async () => {
    const folders = [
      'meta-and-preamble',
      'no-pixels-and-icons',
      'patient-id-collision',
      'sequences-and-vr',
      'truncated-corrupt',
    ];
    const said = pushWithOurTool(
      hospital,
      folders.map((folder) => path.join(testData, 'dicom/odd', folder)),
    );
    expect(said).toMatch(/共 \d+ 个文件/);
    await stillServes();
  });

  it('refuses a deflate bomb without inflating it into memory', async () => {
    const bomb = Buffer.concat([
      deflatedHead(),
      deflateRawSync(Buffer.concat([dataSetHead(), Buffer.alloc(600 * 1024 * 1024)]), { level: 9 }),
    ]);
    const file = path.join(work, 'bomb.dcm');
    writeFileSync(file, bomb);
    const before = hospital.peakMb();
    const said = pushWithOurTool(hospital, [file]);
    expect(said).toMatch(/被拒收 1|无法读取 1/);
    expect(hospital.peakMb() - before).toBeLessThan(300);
    await stillServes();
  });

  it('answers HL7 in a wrong encoding with AE, and something that is not HL7 with AR or AE', async () => {
    const message = oru({
      studyInstanceUid: '2.25.1',
      patientId: 'P1',
      name: '甲',
      controlId: 'H1',
      findings: '所见',
      impression: '意见',
    });
    const gbkUnderUtf8 = Buffer.concat([
      Buffer.from(message.split('甲')[0], 'utf8'),
      Buffer.from([0xbc, 0xd7]),
      Buffer.from(message.split('甲')[1], 'utf8'),
    ]);
    const refused = await sendMllp(hospital.mllp, gbkUnderUtf8);
    expect(refused).toMatch(/MSA\|AE\|H1/);
    expect(refused).toContain('hl7-charset-invalid');
    expect(await sendMllp(hospital.mllp, 'hello')).toMatch(/MSA\|A[ER]/);
    expect(
      await sendMllp(hospital.mllp, message.replace('ORU^R01^ORU_R01', 'ZZZ^Z99').replaceAll('H1|P|', 'H2|P|')),
    ).toMatch(/MSA\|AR/);
    await stillServes();
  });
});

/** Our own push command as a person runs it; what it printed. */
function pushWithOurTool(hospital, places) {
  const here = path.resolve(import.meta.dirname, '..');
  const program = `import(${JSON.stringify(path.join(here, 'cloudfunctions/push.mjs'))}).then((m) => m.pushFolder(${JSON.stringify([...places, '--port', String(hospital.dicom)])}, '/')).then((code) => process.exit(code))`;
  return spawnSync(process.execPath, ['-e', program], { encoding: 'utf8', timeout: 120_000 }).stdout;
}

/** Sends bytes, waits for the end or two seconds. */
function talk(port, bytes) {
  return new Promise((resolve) => {
    const socket = net.connect({ host: '127.0.0.1', port }, () => socket.write(bytes));
    let got = Buffer.alloc(0);
    socket.on('data', (chunk) => (got = Buffer.concat([got, chunk])));
    socket.on('error', () => {});
    socket.on('close', () => resolve({ isClosed: true, got }));
    setTimeout(() => resolve({ isClosed: socket.destroyed, got }), 2000).unref();
  });
}

function element(group, number, vr, text) {
  const body = Buffer.from(text.length % 2 === 0 ? text : `${text}\0`, 'latin1');
  const head = Buffer.alloc(8);
  head.writeUInt16LE(group, 0);
  head.writeUInt16LE(number, 2);
  head.write(vr, 4, 'latin1');
  head.writeUInt16LE(body.length, 6);
  return Buffer.concat([head, body]);
}

function deflatedHead() {
  const meta = Buffer.concat([
    element(2, 2, 'UI', '1.2.840.10008.5.1.4.1.1.7'),
    element(2, 3, 'UI', '2.25.770'),
    element(2, 0x10, 'UI', '1.2.840.10008.1.2.1.99'),
  ]);
  const length = Buffer.from([2, 0, 0, 0, 0x55, 0x4c, 4, 0, 0, 0, 0, 0]);
  length.writeUInt32LE(meta.length, 8);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), length, meta]);
}

function dataSetHead() {
  const identifiers = Buffer.concat([
    element(8, 0x16, 'UI', '1.2.840.10008.5.1.4.1.1.7'),
    element(8, 0x18, 'UI', '2.25.770'),
    element(0x20, 0xd, 'UI', '2.25.771'),
    element(0x20, 0xe, 'UI', '2.25.772'),
  ]);
  const pixels = Buffer.from([0xe0, 0x7f, 0x10, 0, 0x4f, 0x42, 0, 0, 0, 0, 0, 0]);
  pixels.writeUInt32LE(600 * 1024 * 1024, 8);
  return Buffer.concat([identifiers, pixels]);
}
