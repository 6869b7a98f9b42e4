// Test support: serves a built folder, a manifest and frame batches on 127.0.0.1, with a line of a chosen speed. Its own
// short reading of the frames protocol, so that viewer and API are not tested by the same code.
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { encodeFrameRecordHead, encodeFrameTrailer } from '../../../../shared/src/contract/frame-batch';

const types = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};
const csp =
  "default-src 'none'; frame-src blob:; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; worker-src 'self'; base-uri 'none'";

/**
 * @param {{folder: string, page: string, manifest: object, frames: Map<string, Uint8Array[]>, extras?: Map<string, {type: string, body: unknown}>}} film
 *   frames by series UID; documents and overlay planes by path and query
 */
export async function startFrameServer(film) {
  const state = {
    bytesPerSecond: Infinity,
    latencyMs: 0,
    refuse: null,
    cutAfterBytes: Infinity,
    requests: [],
    authorizations: [],
    bytesSent: 0,
  };
  const server = createServer(async (request, response) => {
    response.on('error', () => {});
    const url = new URL(request.url, 'http://x');
    response.setHeader('content-security-policy', csp);
    if (url.pathname === '/manifest.json') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(film.manifest));
    } else if (/^\/(documents|overlays)\//.test(url.pathname)) {
      state.authorizations.push(request.headers.authorization ?? '');
      const found = film.extras?.get(url.pathname + url.search);
      if (found === undefined) {
        response.writeHead(404, { 'content-type': 'application/json' }).end('{"code":"not-found"}');
      } else {
        response.setHeader('content-type', found.type);
        response.end(found.body);
      }
    } else if (url.pathname === '/frames') await sendFrames(url.searchParams, response);
    else {
      const name = url.pathname === '/' ? film.page : url.pathname.slice(1);
      try {
        const body = await readFile(path.join(film.folder, name));
        response.setHeader('content-type', types[path.extname(name)] ?? 'application/octet-stream');
        response.end(body);
      } catch {
        response.writeHead(404).end();
      }
    }
  });

  async function sendFrames(query, response) {
    const number = (name) => (query.has(name) ? Number(query.get(name)) : undefined);
    state.requests.push(Object.fromEntries(query));
    if (state.refuse !== null) {
      response
        .writeHead(state.refuse.status, { 'content-type': 'application/json' })
        .end(JSON.stringify({ code: state.refuse.code }));
      return;
    }
    const series = film.manifest.series.find((one) => one.seriesInstanceUid === query.get('series'));
    const bytes = film.frames.get(query.get('series'));
    const end = (bands, reduce) => bands[Math.max(0, bands.length - 1 - reduce)];
    const order = centreOut(number('from') ?? 0, series.frames.length).slice(0, number('count') || undefined);
    const parts = [];
    let size = 0;
    let cursor = '';
    for (let at = number('cursor') ?? 0; at < order.length; at++) {
      const { bands } = series.frames[order[at]];
      const from = number('have') === undefined ? 0 : end(bands, number('have'));
      const to = end(bands, number('reduce'));
      if (to <= from) continue;
      if (size > 0 && size + to - from > (number('limit') ?? 1_048_576)) {
        cursor = String(at);
        break;
      }
      parts.push(encodeFrameRecordHead(order[at], from, to - from), bytes[order[at]].subarray(from, to));
      size += to - from;
    }
    parts.push(encodeFrameTrailer(cursor));
    if (state.latencyMs > 0) await pause(state.latencyMs);
    response.writeHead(200, { 'content-type': 'application/vnd.yingyun.frames', 'cache-control': 'no-store' });
    const body = Buffer.concat(parts).subarray(0, state.cutAfterBytes);
    const step = 16_384;
    for (let at = 0; at < body.length && !response.destroyed; at += step) {
      response.write(body.subarray(at, at + step));
      state.bytesSent += Math.min(step, body.length - at);
      if (Number.isFinite(state.bytesPerSecond)) await pause((step / state.bytesPerSecond) * 1000);
    }
    response.end();
  }

  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    state,
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(done);
      }),
  };
}

function centreOut(from, total) {
  const order = [];
  for (let d = 0; d < total; d++) {
    if (from + d < total) order.push(from + d);
    if (d > 0 && from - d >= 0) order.push(from - d);
  }
  return order;
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
