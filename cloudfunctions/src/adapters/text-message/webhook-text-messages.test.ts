import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { OutgoingTextMessage } from '../../ports/text-message';
import { createHandClock } from '../../testing/fakes';
import { selfSignedCertificate } from '../tls/certificate';
import { createWebhookTextMessages } from './webhook-text-messages';

const key = 'a key that the hospital and we share';
const now = '2026-03-01T08:00:00.000Z';
const message: OutgoingTextMessage = {
  messageId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  phone: '13800138000',
  template: 'sign-in-code',
  params: { code: '042042', validMinutes: 5 },
};

/** HMAC-SM3 by the OpenSSL command line: a second implementation. */
function hmacSm3(text: string): string {
  const run = spawnSync('openssl', ['dgst', '-sm3', '-hmac', key], { input: text, encoding: 'utf8' });
  return run.stdout.trim().split(' ').pop() ?? '';
}

/** Takes a message only where every part of docs/text-messages.md holds; each id once. */
function strictReceiver(taken: string[]) {
  return (request: IncomingMessage, body: string): number => {
    const { headers, method, url } = request;
    const id = String(headers['x-yingyun-message-id']);
    const timestamp = String(headers['x-yingyun-timestamp']);
    const parsed = JSON.parse(body) as OutgoingTextMessage; // what is sent is what the test looks at
    const isInOrder =
      method === 'POST' &&
      url === '/sms?app=1' &&
      headers['content-type'] === 'application/json; charset=utf-8' &&
      Number(headers['content-length']) === Buffer.byteLength(body) &&
      Math.abs(Number(timestamp) - Date.parse(now) / 1000) <= 300 &&
      headers['x-yingyun-signature'] === `hmac-sm3=${hmacSm3(`${timestamp}.${id}.${body}`)}` &&
      parsed.messageId === id &&
      Object.keys(parsed).sort().join() === 'messageId,params,phone,template';
    if (!isInOrder) return 400;
    if (!taken.includes(id)) taken.push(id);
    return 204;
  };
}

describe('the SMS webhook', () => {
  let folder: string;
  let ca: Buffer;
  let cert: { cert: Buffer; key: Buffer };
  let server: Server | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'yingyun-sms-'));
    const files = await selfSignedCertificate(folder, '127.0.0.1');
    ca = await readFile(files.certFile);
    cert = { cert: ca, key: await readFile(files.keyFile) };
  });
  afterEach(async () => {
    server?.closeAllConnections();
    await new Promise((resolve) => (server === undefined ? resolve(undefined) : server.close(resolve)));
    server = undefined;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function gateway(answer: (request: IncomingMessage, body: string) => number | 'silent' | 'cut') {
    const started = createServer(cert, (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const status = answer(request, Buffer.concat(parts).toString('utf8'));
        if (status === 'cut') request.socket.destroy();
        else if (status !== 'silent') response.writeHead(status, { location: 'https://elsewhere.invalid/' }).end('x');
      });
    });
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    const address = started.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return { url: `https://127.0.0.1:${port}/sms?app=1`, key, ca, clock: createHandClock(now), timeoutMs: 500 };
  }

  it('sends what a strict receiver takes, again under the same id', async () => {
    const taken: string[] = [];
    const sms = createWebhookTextMessages(await gateway(strictReceiver(taken)));
    expect(await sms.send(message)).toBe('sent');
    expect(await sms.send(message)).toBe('sent');
    expect(taken).toEqual([message.messageId]);
  });

  it('is refused by that receiver with another key', async () => {
    const options = await gateway(strictReceiver([]));
    expect(await createWebhookTextMessages({ ...options, key: 'k'.repeat(32) }).send(message)).toBe('refused');
  });

  it.each([
    [200, 'sent'],
    [302, 'refused'],
    [400, 'refused'],
    [401, 'refused'],
    [408, 'not-sent'],
    [429, 'not-sent'],
    [500, 'not-sent'],
    [503, 'not-sent'],
  ] as const)('takes status %i for "%s"', async (status, meaning) => {
    expect(await createWebhookTextMessages(await gateway(() => status)).send(message)).toBe(meaning);
  });

  it('knows that nothing was sent where the connection was never made', async () => {
    const options = await gateway(() => 200);
    const port = new URL(options.url).port;
    server?.close();
    expect(await createWebhookTextMessages(options).send(message)).toBe('not-sent');
    server = undefined;
    const trusted = await gateway(() => 200);
    const untrusting = { url: trusted.url, key, clock: trusted.clock }; // nobody vouches for the certificate
    expect(await createWebhookTextMessages(untrusting).send(message)).toBe('not-sent');
    expect(port).not.toBe('');
  });

  it('throws where nobody knows: no answer in time, or a line cut after the request', async () => {
    for (const trouble of ['silent', 'cut'] as const) {
      const sms = createWebhookTextMessages(await gateway(() => trouble));
      const failed = await sms.send(message).catch((error: Error) => error);
      expect(failed).toBeInstanceOf(Error);
      expect(String(failed)).not.toContain(message.params.code);
      expect(String(failed)).not.toContain(message.phone);
      server?.closeAllConnections();
    }
  });
});
