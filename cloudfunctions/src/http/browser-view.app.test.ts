import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect } from 'node:tls';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireCompiled } from '../testing/compiled';
import { httpsClient } from '../testing/https-client';
import { startTestApp, startTimeoutMs, type TestApp } from '../testing/test-app';

const shareHtml = `<!doctype html><title>影云</title>${'胶片'.repeat(600)}`;

describe('what a browser sees', () => {
  let app: TestApp;
  let h5Folder: string;

  beforeAll(async () => {
    h5Folder = await mkdtemp(path.join(tmpdir(), 'yingyun-h5-'));
    await mkdir(path.join(h5Folder, 'assets'));
    const script = 'console.log("film");'.repeat(50);
    const files: Record<string, string | Buffer> = {
      'share.html': shareHtml,
      'share.html.br': brotliCompressSync(shareHtml),
      'share.html.gz': gzipSync(shareHtml),
      'console.html': '<!doctype html><title>console</title>',
      'index.html': '<!doctype html><title>patient</title>',
      'secret.key': 'not a page',
      'assets/share-1a2b.js': script,
      'assets/share-1a2b.js.br': brotliCompressSync(script),
      'assets/codec-3c4d.wasm': Buffer.from([0, 97, 115, 109]),
    };
    for (const [name, content] of Object.entries(files)) await writeFile(path.join(h5Folder, name), content);
    app = await startTestApp({ h5Folder });
  }, startTimeoutMs);
  afterAll(async () => {
    await app?.stop();
    await rm(h5Folder, { recursive: true, force: true });
  });

  const token = (last: string) => `/s/${'A'.repeat(21)}${last}`;

  it('shows the same page for every share link, compressed where the browser takes it', async () => {
    const plain = await app.ask(token('A'));
    expect(plain.status).toBe(200);
    expect(plain.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(plain.headers['cache-control']).toBe('no-store');
    expect(plain.body.toString('utf8')).toBe(shareHtml);
    for (const other of [token('Q'), '/s/unknown', '/s/']) {
      const answer = await app.ask(other);
      expect(answer.body.equals(plain.body)).toBe(true);
      expect(answer.headers['content-length']).toBe(plain.headers['content-length']);
    }
    const brotli = await app.ask(token('A'), { headers: { 'accept-encoding': 'gzip, deflate, br' } });
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(brotli.body).toString('utf8')).toBe(shareHtml);
    const gzip = await app.ask(token('A'), { headers: { 'accept-encoding': 'gzip' } });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.body).toString('utf8')).toBe(shareHtml);
  });

  it('keeps hashed assets for ever, and nothing else', async () => {
    const script = await app.ask('/assets/share-1a2b.js', { headers: { 'accept-encoding': 'br' } });
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(script.headers.vary).toContain('Accept-Encoding');
    expect((await app.ask('/assets/codec-3c4d.wasm')).headers['content-type']).toBe('application/wasm');
    expect((await app.ask('/console')).headers['cache-control']).toBe('no-store');
    const home = await app.ask('/');
    expect([home.status, home.headers.location]).toEqual([302, '/console']);
  });

  it('shows the patient app below /m/, whose framework may write styles but no script', async () => {
    const moved = await app.ask('/m');
    expect([moved.status, moved.headers.location]).toEqual([302, '/m/']);
    const page = await app.ask('/m/');
    expect(page.body.toString('utf8')).toContain('patient');
    expect(page.headers['cache-control']).toBe('no-store');
    const policy = page.headers['content-security-policy'] ?? '';
    expect(policy).toContain("style-src 'self' 'unsafe-inline'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval';");
    expect((await app.ask('/console')).headers['content-security-policy']).not.toContain('unsafe-inline');
    const script = await app.ask('/m/assets/share-1a2b.js');
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    for (const path of ['/m/secret.key', '/m/assets/../secret.key', '/m/assets/.hidden', '/m/index.html'])
      expect((await app.ask(path)).status, path).toBe(404);
  });

  it('serves nothing outside the built surfaces', async () => {
    const paths = [
      '/secret.key',
      '/assets/../secret.key',
      '/assets/%2e%2e/secret.key',
      '/assets/..%2fsecret.key',
      '/../package.json',
      '/assets/',
      '/share.html',
      '/assets/missing.js',
      '/console.html',
      '/assets/.hidden.js',
    ];
    for (const each of paths) {
      const answer = await app.ask(each);
      expect(answer.status, each).toBe(404);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
    }
    expect((await app.ask('/console', { method: 'DELETE' })).status).toBe(404);
  });

  it('carries the security headers on every kind of answer', async () => {
    for (const each of [
      token('A'),
      '/console',
      '/assets/share-1a2b.js',
      '/api/films',
      '/api/unknown',
      '/healthz',
      '/missing',
    ]) {
      const { headers } = await app.ask(each);
      const policy = String(headers['content-security-policy']);
      expect(policy, each).toContain("script-src 'self' 'wasm-unsafe-eval'");
      expect(policy).toContain("worker-src 'self' blob:");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:/);
      expect(headers['strict-transport-security']).toMatch(/^max-age=31536000/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('no-referrer');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['x-robots-tag']).toContain('noindex');
      expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers['set-cookie']).toBeUndefined();
      expect(headers['access-control-allow-origin']).toBeUndefined();
      if (!each.startsWith('/assets')) expect(headers['cache-control'], each).toBe('no-store');
    }
  });

  it('refuses TLS 1.1 and plain HTTP, and speaks TLS 1.2 and 1.3, as OpenSSL sees it', async () => {
    const handshake = (...flags: string[]) =>
      new Promise<{ status: number | null; text: string }>((resolve) => {
        const program = spawn(
          'openssl',
          ['s_client', '-connect', `127.0.0.1:${app.port}`, '-cipher', 'DEFAULT@SECLEVEL=0', ...flags],
          { timeout: 20_000 },
        );
        let text = '';
        program.stdout.on('data', (chunk) => {
          text += chunk;
        });
        program.stderr.on('data', (chunk) => {
          text += chunk;
        });
        program.on('close', (status) => resolve({ status, text }));
        program.stdin.end();
      });
    // -tls1_1 needs security level 0 on the client's side, or OpenSSL would refuse by itself and prove nothing.
    const old = await handshake('-tls1_1');
    expect(old.status).not.toBe(0);
    expect(old.text).toMatch(/alert protocol version|unsupported protocol/);
    expect((await handshake('-tls1_2')).text).toMatch(/Protocol\s*: TLSv1\.2|New, TLSv1\.2/);
    expect((await handshake('-tls1_3')).text).toContain('TLSv1.3');
    await expect(httpsClient(app.port, undefined)('/healthz')).rejects.toThrow();
  });

  it('keeps its self-signed certificate over a restart, its key readable by its owner only', async () => {
    const before = await readFile(path.join(app.folder, 'tls', 'certificate.pem'), 'utf8');
    app = await app.restart();
    expect(await readFile(path.join(app.folder, 'tls', 'certificate.pem'), 'utf8')).toBe(before);
    expect((await import('node:fs')).statSync(path.join(app.folder, 'tls', 'key.pem')).mode & 0o777).toBe(0o600);
    expect((await app.ask('/healthz')).json()).toEqual({ status: 'ok' });
  });

  it('takes up a renewed certificate without a restart, and stays with the old one while the pair does not fit', async () => {
    const { selfSignedCertificate }: typeof import('../adapters/tls/certificate') =
      requireCompiled()('adapters/tls/certificate');
    const other = await selfSignedCertificate(path.join(app.folder, 'renewed'), '127.0.0.1');
    const served = () =>
      new Promise<string>((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port: app.port, rejectUnauthorized: false }, () => {
          // only the fingerprint is looked at
          resolve(socket.getPeerCertificate().fingerprint256);
          socket.destroy();
        });
        socket.on('error', reject);
      });
    const old = await served();
    await writeFile(path.join(app.folder, 'tls', 'certificate.pem'), await readFile(other.certFile));
    await waitFor(() => app.log.lines.some((line) => line.event === 'tls-certificate-unusable'));
    expect(await served()).toBe(old);
    await writeFile(path.join(app.folder, 'tls', 'key.pem'), await readFile(other.keyFile));
    await waitFor(() => app.log.lines.some((line) => line.event === 'tls-certificate-reloaded'));
    expect(await served()).not.toBe(old);
  });
});

async function waitFor(isTrue: () => boolean): Promise<void> {
  for (let i = 0; i < 300 && !isTrue(); i++) await new Promise((resolve) => setTimeout(resolve, 100));
  expect(isTrue()).toBe(true);
}
