import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as path from 'node:path';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import { afterEach, describe, expect, it } from 'vitest';
import type { InstanceAcknowledged, JournalRecord, MessageAcknowledged } from '../../ports/journal';
import type { Spool } from '../../ports/spool';
import { createHandClock, createMemoryLog } from '../../testing/fakes';
import { createGb18030Encoder } from './gb18030-encoder';
import { frameMllp } from './mllp-framing';
import type { MllpServerLimits } from './mllp-limits';
import { isAllowed, type MllpServer, startMllpServer } from './mllp-server';

interface Kept {
  readonly bytes: Uint8Array;
  readonly entry: Omit<MessageAcknowledged, 'spool'>;
}

/** A spool in memory; `trouble` says what to throw, `delayMs` how slow the disk is. */
function createMemorySpool() {
  const state = { kept: [] as Kept[], trouble: undefined as Error | undefined, delayMs: 0, aborted: 0 };
  const spool: Spool = {
    open: async () => {
      const parts: Uint8Array[] = [];
      return {
        write: async (bytes) => void parts.push(bytes.slice()),
        commit: async <E extends InstanceAcknowledged | MessageAcknowledged>(entry: Omit<E, 'spool'>) => {
          await new Promise((resolve) => setTimeout(resolve, state.delayMs));
          if (state.trouble) throw state.trouble;
          state.kept.push({ bytes: Buffer.concat(parts), entry: entry as unknown as Kept['entry'] }); // only messages come here
          return { sequence: state.kept.length, entry } as unknown as JournalRecord<E>; // the test reads nothing else of it
        },
        abort: async () => void state.aborted++,
      };
    },
    read: () => Promise.reject(new Error('not used')),
    readSealed: () => Promise.reject(new Error('not used')),
    release: () => Promise.reject(new Error('not used')),
  };
  return { spool, state };
}

const servers: MllpServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(limits: Partial<MllpServerLimits> = {}, allowedAddresses?: string[]) {
  const { spool, state } = createMemorySpool();
  const log = createMemoryLog();
  let woken = 0;
  const server = await startMllpServer({
    ports: { spool, log, clock: createHandClock('2026-03-01T01:02:03.000Z') },
    tenantId: 'hospital-1',
    host: '127.0.0.1',
    port: 0,
    limits,
    ...(allowedAddresses ? { allowedAddresses } : {}),
    onAcknowledged: () => woken++,
  });
  servers.push(server);
  return { port: server.port, server, state, log, woken: () => woken };
}

/** Sends bytes and collects what comes back until `answers` blocks are there or the connection ends. */
function talk(
  port: number,
  bytes: Uint8Array | readonly Uint8Array[],
  answers = 1,
  pauseMs = 0,
): Promise<Uint8Array[]> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port });
    let got = Buffer.alloc(0);
    const blocks = () => {
      const found: Uint8Array[] = [];
      for (let at = 0; ; ) {
        const end = got.indexOf(Buffer.from([0x1c, 0x0d]), at);
        if (end === -1) return found;
        expect(got[at]).toBe(0x0b);
        found.push(got.subarray(at + 1, end));
        at = end + 2;
      }
    };
    socket.setTimeout(20_000, () => socket.destroy(new Error('no answer')));
    socket.on('connect', async () => {
      for (const part of bytes instanceof Uint8Array ? [bytes] : bytes) {
        if (socket.destroyed) return;
        await new Promise((written) => socket.write(part, written));
        if (pauseMs > 0) await new Promise((done) => setTimeout(done, pauseMs));
      }
    });
    socket.on('data', (chunk) => {
      got = Buffer.concat([got, chunk]);
      if (blocks().length >= answers) socket.end();
    });
    socket.on('error', (fault) => (got.length > 0 ? resolve(blocks()) : reject(fault)));
    socket.on('close', () => resolve(blocks()));
  });
}
const textsOf = (answers: readonly Uint8Array[]) => answers.map((bytes) => Buffer.from(bytes).toString('utf8'));
const ask = async (port: number, message: Uint8Array) => textsOf(await talk(port, frameMllp(message)))[0] ?? '';

const oru = ({
  id = 'M1',
  type = 'ORU^R01^ORU_R01',
  processing = 'P',
  version = '2.5.1',
  characterSet = 'UNICODE UTF-8',
  sender = 'RIS',
  text = '双肺清晰，未见异常。',
} = {}) =>
  [
    `MSH|^~\\&|${sender}|测试医院^1.2^ISO|YINGYUN|YY|20260301093000||${type}|${id}|${processing}|${version}||||||${characterSet}`,
    'PID|1||P001^^^H^MR||测^试甲',
    'OBR|1||R1|CTXB^胸部CT平扫||||||||||||||ACC1|||||||F',
    `OBX|1|TX|FINDINGS^检查所见||${text}||||||F`,
    '',
  ].join('\r');
const utf8 = (text: string) => new Uint8Array(Buffer.from(text));
const gb18030 = createGb18030Encoder();

describe('the MLLP server', () => {
  it('lets this machine alone speak where no peers are listed, and otherwise the listed ones', () => {
    expect(['127.0.0.1', '::ffff:127.0.0.1', '::1'].map((address) => isAllowed(address, undefined))).not.toContain(
      false,
    );
    expect(
      ['10.0.0.5', '::ffff:10.0.0.5', 'fe80::1', ''].map((address) => isAllowed(address, undefined)),
    ).not.toContain(true);
    expect(isAllowed('::ffff:10.0.0.5', ['10.0.0.5'])).toBe(true);
    expect(isAllowed('127.0.0.1', ['10.0.0.5'])).toBe(false);
  });

  it('seals and journals a message as received, then answers AA', async () => {
    const { port, state, woken } = await start();
    const message = utf8(oru());
    const answer = await ask(port, message);
    expect(answer).toBe(
      [
        'MSH|^~\\&|YINGYUN|YY|RIS|测试医院^1.2^ISO|20260301010203+0000||ACK^R01^ACK|YYMM6U6GWO1|P|2.5.1||||||UNICODE UTF-8',
        'MSA|AA|M1',
        '',
      ]
        .join('\r')
        .replace('YYMM6U6GWO1', answer.split('|')[9] ?? ''),
    );
    expect(answer.split('|')[9]).toMatch(/^YY[0-9A-Z]{1,18}$/);
    expect(state.kept).toHaveLength(1);
    expect(Buffer.from(state.kept[0]?.bytes ?? []).equals(message)).toBe(true);
    expect(state.kept[0]?.entry).toEqual({
      kind: 'message-acknowledged',
      tenantId: 'hospital-1',
      sender: 'RIS|测试医院',
      messageType: 'ORU^R01',
      receivedAt: '2026-03-01T01:02:03.000Z',
    });
    expect(woken()).toBe(1);
  });

  it('answers a GB 18030 sender in GB 18030', async () => {
    const { port, state } = await start();
    const [answer] = await talk(port, frameMllp(gb18030(oru({ characterSet: 'GB 18030-2000' }))));
    expect(new TextDecoder('gb18030', { fatal: true }).decode(answer)).toContain('|RIS|测试医院^1.2^ISO|');
    expect(Buffer.from(answer ?? []).includes(Buffer.from('测试'))).toBe(false);
    expect(state.kept).toHaveLength(1);
  });

  it("answers in the sender's delimiters and escapes what it echoes", async () => {
    const { port } = await start();
    const text = oru({ id: 'M!F!1' }).replaceAll('|', '#').replace('^~\\&', '^~!&');
    expect(await ask(port, utf8(text))).toMatch(/^MSH#\^~!&#YINGYUN#YY#RIS#.*\rMSA#AA#M!F!1\r$/s);
  });

  it('answers several messages of one chunk, in order, on one connection', async () => {
    const { port, state } = await start();
    const ids = Array.from({ length: 20 }, (_, i) => `M${i}`);
    const answers = textsOf(await talk(port, Buffer.concat(ids.map((id) => frameMllp(utf8(oru({ id }))))), 20));
    expect(answers.map((answer) => /MSA\|AA\|(\w+)/.exec(answer)?.[1])).toEqual(ids);
    expect(state.kept.map(({ bytes }) => /\|(M\d+)\|P\|/.exec(Buffer.from(bytes).toString())?.[1])).toEqual(ids);
  });

  it('reads a message cut anywhere, and a peer that closes its side before the answer', async () => {
    const { port, state } = await start();
    const bytes = frameMllp(utf8(oru()));
    const pieces = Array.from(bytes, (_, i) => bytes.subarray(i, i + 1)).slice(-40);
    const answers = textsOf(await talk(port, [bytes.subarray(0, bytes.length - 40), ...pieces], 1, 1));
    expect(answers[0]).toContain('MSA|AA|M1');
    state.delayMs = 100;
    const halfClosed = await new Promise<string>((resolve) => {
      let got = '';
      const socket = net.connect({ host: '127.0.0.1', port }, () => socket.end(bytes));
      socket.on('data', (chunk) => (got += chunk.toString()));
      socket.on('close', () => resolve(got));
    });
    expect(halfClosed).toContain('MSA|AA|M1');
  });

  it.each([
    ['another message type', oru({ type: 'ORM^O01^ORM_O01' }), 'AR', '200', 'ACK^O01^ACK'],
    ['another event', oru({ type: 'ORU^R30^ORU_R30' }), 'AR', '201', 'ACK^R30^ACK'],
    ['a training message', oru({ processing: 'T' }), 'AR', '202', 'ACK^R01^ACK'],
    ['version 3', oru({ version: '3.0' }), 'AR', '203', 'ACK^R01^ACK'],
    ['no MSH-10', oru({ id: '' }), 'AE', '101', 'ACK^R01^ACK'],
    ['no PID-3', oru().replace('P001', ''), 'AE', '101', 'ACK^R01^ACK'],
    ['no OBR', oru().replace('OBR', 'ZZZ'), 'AE', '100', 'ACK^R01^ACK'],
    ['a broken line', oru({ text: 'a\rb' }), 'AE', '100', 'ACK^R01^ACK'],
    ['UTF-8 declared as ASCII', oru({ characterSet: 'ASCII' }), 'AE', '102', 'ACK^R01^ACK'],
  ])('answers %s with %s', async (_, text, code, errorCode, type) => {
    const { port, state, log } = await start();
    const answer = await ask(port, utf8(text));
    const fields = Object.fromEntries(answer.split('\r').map((segment) => [segment.slice(0, 3), segment.split('|')]));
    expect(fields['MSH']?.[8]).toBe(type);
    expect(fields['MSA']?.[1]).toBe(code);
    expect(fields['ERR']?.[3]).toMatch(new RegExp(`^${errorCode}\\^.*\\^HL70357$`));
    expect(fields['ERR']?.[4]).toBe('E');
    expect(fields['MSA']?.[3]).toMatch(/^hl7-[a-z-]+: [\x20-\x7e]+$/);
    expect(state.kept).toHaveLength(0);
    expect(answer + JSON.stringify(log.lines)).not.toMatch(/P001|双肺/);
  });

  it('writes ERR and MSH-9 as older versions know them', async () => {
    const { port } = await start();
    expect(await ask(port, utf8(oru({ version: '2.3', type: 'ORU^R01' }).replace('P001', '')))).toMatch(
      /\|ACK\^R01\|.*\rERR\|PID\^1\^3\^101&Required field missing&HL70357\r$/s,
    );
    expect(await ask(port, utf8(oru({ version: '2.1', type: 'ORU' })))).toMatch(/\|ACK\|.*\rMSA\|AA\|M1\r$/s);
  });

  it('tells a sender with wrong bytes so, and can still echo its MSH-10', async () => {
    const { port } = await start();
    const message = Buffer.from(gb18030(oru({ characterSet: 'UNICODE UTF-8', id: 'M77' })));
    const answer = Buffer.from((await talk(port, frameMllp(message)))[0] ?? []).toString('latin1');
    expect(answer).toMatch(/\rMSA\|AE\|M77\|hl7-charset-invalid: MSH-18 says UTF-8, the bytes are not\r/);
  });

  it.each([
    ['out of space', new ProblemError(problem('out-of-space')), 'out-of-space'],
    ['a bug', new Error('boom'), 'unexpected'],
  ])('answers %s with AR 207, keeps nothing, and takes the message when it comes again', async (_, trouble, code) => {
    const { port, state, woken } = await start();
    state.trouble = trouble;
    const answer = await ask(port, utf8(oru()));
    expect(answer).toContain(`\rMSA|AR|M1|${code}: not stored, send again later\rERR|||207^`);
    expect([state.aborted, woken()]).toEqual([1, 0]);
    state.trouble = undefined;
    expect(await ask(port, utf8(oru()))).toContain('MSA|AA|M1');
  });

  it('answers bytes that are no MLLP with AE and closes', async () => {
    const { port } = await start();
    const answers = textsOf(await talk(port, utf8('GET / HTTP/1.1\r\nHost: x\r\n\r\n'), 99));
    expect(answers).toHaveLength(1);
    expect(answers[0]).toMatch(/\rMSA\|AE\|\|hl7-malformed: bytes outside an MLLP block\r/);
  });

  it('refuses smuggled blocks inside a text and keeps none of them', async () => {
    const { port, state } = await start();
    const inner = `\x0b${oru({ id: 'FORGED' })}`;
    expect(await ask(port, utf8(oru({ text: `a${inner}` })))).toContain(
      'MSA|AE|M1|hl7-malformed: control character 0x0B',
    );
    expect(state.kept).toHaveLength(0);
  });

  it('refuses a 100 MB message, holds almost nothing of it, and serves others meanwhile', async () => {
    const { port, state } = await start();
    const before = process.memoryUsage().rss;
    let peak = 0;
    const block = Buffer.alloc(1 << 20, 0x41);
    const parts = [
      Buffer.concat([Buffer.from([0x0b]), utf8(oru())]),
      ...Array.from({ length: 100 }, () => block),
      Buffer.from([0x1c, 0x0d]),
    ];
    const sampling = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 5);
    const [large, small] = await Promise.all([talk(port, parts), ask(port, utf8(oru({ id: 'SMALL' })))]);
    clearInterval(sampling);
    expect(textsOf(large)[0]).toMatch(/\rMSA\|AE\|M1\|payload-too-large: more than 16777216 bytes\r/);
    expect(small).toContain('MSA|AA|SMALL');
    expect(state.kept).toHaveLength(1);
    expect((peak - before) / (1 << 20)).toBeLessThan(150);
  });

  it('tells a sender to come again when all senders together hold too much', async () => {
    const { port } = await start({ maxHeldBytes: 200_000 });
    const holding = net.connect({ host: '127.0.0.1', port });
    holding.write(Buffer.concat([Buffer.from([0x0b]), Buffer.alloc(120_000, 0x41)]));
    await new Promise((resolve) => setTimeout(resolve, 100));
    const answers = textsOf(await talk(port, Buffer.concat([Buffer.from([0x0b]), Buffer.alloc(100_000, 0x42)])));
    expect(answers[0]).toContain('MSA|AR||too-many-requests');
    holding.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await ask(port, utf8(oru({ text: '字'.repeat(20_000) })))).toContain('MSA|AA|M1');
  });

  it('closes what is idle and what never finishes its block', async () => {
    const { port, log } = await start({ idleMs: 150, blockMs: 150 });
    expect(await talk(port, [])).toEqual([]);
    const dripping = Array.from({ length: 60 }, () => Buffer.from('x'));
    const startedAt = performance.now();
    await talk(port, [Buffer.from([0x0b]), ...dripping], 1, 20).catch(() => []);
    expect(
      log.lines.filter(({ event }) => event === 'hl7-connection-timed-out').map(({ fields }) => fields['reason']),
    ).toEqual(['idle', 'block does not end']);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  it('keeps nothing of a message whose sender goes away in the middle', async () => {
    const { port, state, log } = await start();
    const socket = net.connect({ host: '127.0.0.1', port });
    await new Promise((closed) => {
      socket.on('close', closed);
      socket.resume();
      socket.end(frameMllp(utf8(oru())).subarray(0, -2));
    });
    expect(state.kept).toHaveLength(0);
    expect(log.lines.map(({ event }) => event)).toEqual(['hl7-message-cut-short']);
  });

  it('serves only addresses on its list, and only so many connections', async () => {
    const closed = await start({}, ['192.0.2.1']);
    expect(await talk(closed.port, frameMllp(utf8(oru()))).catch(() => [])).toEqual([]);
    expect(closed.state.kept).toHaveLength(0);
    const open = await start({ maxConnectionsOfAddress: 1 }, ['127.0.0.1']);
    const first = net.connect({ host: '127.0.0.1', port: open.port });
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await talk(open.port, frameMllp(utf8(oru()))).catch(() => [])).toEqual([]);
    first.destroy();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await ask(open.port, utf8(oru()))).toContain('MSA|AA|M1');
  });

  it('finishes and answers the message it is storing before it closes', async () => {
    const { port, server, state } = await start();
    state.delayMs = 200;
    const answering = ask(port, utf8(oru()));
    await new Promise((resolve) => setTimeout(resolve, 80));
    await server.close();
    expect(await answering).toContain('MSA|AA|M1');
  });

  it('answers the framing of another implementation (Python, raw sockets)', async () => {
    const { port } = await start();
    const program = `import socket,sys
m=sys.stdin.buffer.read()
s=socket.create_connection(("127.0.0.1",${port}),10)
for part in (b"\\x0b"+m[:50], m[50:]+b"\\x1c", b"\\r"): s.sendall(part)
r=b""
while not r.endswith(b"\\x1c\\r"): r+=s.recv(65536) or sys.exit(3)
assert r[:1]==b"\\x0b"
print([x for x in r[1:-2].decode("gb18030").split("\\r") if x.startswith("MSA")][0])`;
    const child = spawn('python3', ['-c', program]);
    child.stdin.end(gb18030(oru({ characterSet: 'GB18030' })));
    let out = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
    expect(out.trim()).toBe('MSA|AA|M1');
  });
});

describe.skipIf(!process.env.YINGYUN_TESTDATA)('the published HL7 messages, sent to the server', () => {
  const root = path.join(process.env.YINGYUN_TESTDATA ?? '', 'hl7');
  const files = fs.existsSync(root)
    ? (fs.readdirSync(root, { recursive: true }) as string[]).filter((name) => name.endsWith('.hl7'))
    : []; // no encoding: names are strings
  const expected = new Map([
    ['ORU-R01-CDA.hl7', ['AA']],
    ['ORU-R01-SR.hl7', ['AA']],
    ['ORU-R01-PDF.hl7', ['AE', '100']], // a bare CR cuts the Base64 text of its PDF in two
    ['LAB-ORU-1.hl7', ['AR', '202']], // processing ID T
    ['ORU-R01-01.hl7', ['AR', '202']],
    ['ADT-A31-UpdatePersonInfo.hl7', ['AA']],
    ['ADT-A31-UpdatePersonInfo-Veterinary.hl7', ['AA']],
    ['ADT-A01-01.hl7', ['AA']],
    ['ADT-A04-01.hl7', ['AA']],
    ['ADT-A08-01.hl7', ['AA']],
    ['ADT01-23.hl7', ['AA']],
    ['ADT04-251.hl7', ['AR', '']], // processing ID T; version 2.3 has another ERR segment
    ['ADT-A40-PatientMerge.hl7', ['AR', '201']],
    ['ADT-A47-ChangePatientID.hl7', ['AR', '201']],
    ['ADT-A03-01.hl7', ['AR', '201']],
    ['ADT-A11-01.hl7', ['AR', '201']],
    ['ADT-A40-01.hl7', ['AR', '201']],
  ]);

  it('ORU^R01 and what says who a patient is are taken or refused for their fault, everything else is AR', async () => {
    const { port, state } = await start();
    for (const file of files) {
      const [code, errorCode = ''] = expected.get(path.basename(file)) ?? ['AR', '200'];
      const answer = await ask(port, new Uint8Array(fs.readFileSync(path.join(root, file))));
      expect([file, /\rMSA\|(..)\|/.exec(answer)?.[1]]).toEqual([file, code]);
      if (errorCode !== '') expect(answer).toMatch(new RegExp(`\\rERR\\|.*${errorCode}[&^]`));
    }
    expect(files).toHaveLength(26);
    expect(state.kept).toHaveLength(8);
  });
});
