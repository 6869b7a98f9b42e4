// wx.request: HTTPS to the listed domains only, ten at a time (the rest wait their turn), 60 s, no Referer of one's own, no PATCH.
// https://developers.weixin.qq.com/miniprogram/dev/framework/ability/network.html
import { eventPair, WxFail } from './calling.mjs';

const parallelLimit = 10;
const defaultTimeoutMs = 60_000;
const methods = ['OPTIONS', 'GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'];

export function networkCalls(host) {
  const { domains, relays } = host.settings;
  const change = eventPair(host, 'NetworkStatusChange');
  const log = [];
  const waiting = [];
  let running = 0;
  let turn = 0;
  let networkType = host.settings.networkType ?? 'wifi';

  const check = ({ url, method = 'GET', header = {} }) => {
    if (typeof url !== 'string' || url === '') throw new WxFail('parameter error: parameter.url should be String');
    const match = /^(https?):\/\/([^/?#]+)/.exec(url);
    if (match === null) throw new WxFail(`invalid url "${url}"`);
    if (match[1] !== 'https' || domains[`https://${match[2]}`] === undefined)
      throw new WxFail('url not in domain list', { errno: 600002 });
    if (!methods.includes(String(method).toUpperCase())) throw new WxFail(`method ${method} is not supported`);
    for (const name of Object.keys(header)) {
      if (name.toLowerCase() === 'referer') host.faults.add('wx.request: the header Referer cannot be set');
      if (typeof header[name] === 'object') host.faults.add(`wx.request: header ${name} is not text`);
    }
    if (networkType === 'none') throw new WxFail('', { errno: 600001 });
  };

  const next = () => {
    if (running >= parallelLimit || waiting.length === 0) return;
    running += 1;
    waiting
      .shift()()
      .finally(() => {
        running -= 1;
        next();
      });
    next();
  };

  const request = (options = {}) => {
    const entry = {
      url: String(options.url),
      method: String(options.method ?? 'GET').toUpperCase(),
      startedAt: performance.now(),
    };
    log.push(entry);
    const stop = new AbortController();
    const headersListeners = new Set();
    const chunkListeners = new Set();
    const run = async () => {
      check(options);
      if (stop.signal.aborted) throw new WxFail('abort');
      const { answer, header, statusCode } = await send(options, stop.signal, relays[(turn += 1) % relays.length]);
      for (const listener of headersListeners) host.faults.guard(() => listener({ header, statusCode }));
      const bytes = await readAll(answer, options.enableChunked === true ? chunkListeners : new Set(), host);
      if (stop.signal.aborted) throw new WxFail('abort');
      Object.assign(entry, { statusCode, bytes: bytes.byteLength, ms: performance.now() - entry.startedAt });
      const data = options.enableChunked === true ? '' : decode(bytes, options);
      return { data, statusCode, header, cookies: [] };
    };
    const outcome = new Promise((resolve) => {
      waiting.push(() =>
        run().then(
          (result) => resolve({ isFine: true, answer: { errMsg: 'request:ok', ...result } }),
          (error) => {
            entry.failed = error.message;
            const reason = stop.signal.aborted ? 'abort' : error.message;
            resolve({ isFine: false, answer: { errMsg: `request:fail ${reason}`, ...error.more } });
          },
        ),
      );
      queueMicrotask(next);
    });
    outcome.then(({ isFine, answer }) => {
      const told = isFine ? options.success : options.fail;
      if (typeof told === 'function') host.faults.guard(() => told(answer));
      if (typeof options.complete === 'function') host.faults.guard(() => options.complete(answer));
    });
    // wx.request never answers a promise: it answers a RequestTask.
    return {
      abort: () => stop.abort(),
      onHeadersReceived: (listener) => void headersListeners.add(listener),
      offHeadersReceived: (listener) => void headersListeners.delete(listener),
      onChunkReceived(listener) {
        if (options.enableChunked !== true) host.faults.add('onChunkReceived without enableChunked hears nothing');
        chunkListeners.add(listener);
      },
      offChunkReceived: (listener) => void chunkListeners.delete(listener),
    };
  };

  const isConnected = () => networkType !== 'none';
  return {
    calls: {
      request,
      getNetworkType: ({ success, complete } = {}) => {
        const answer = { errMsg: 'getNetworkType:ok', networkType, isConnected: isConnected() };
        success?.(answer);
        complete?.(answer);
        return success === undefined && complete === undefined ? Promise.resolve(answer) : undefined;
      },
      ...change.calls,
    },
    name: 'network',
    door: {
      set(type) {
        networkType = type;
        change.tell({ isConnected: isConnected(), networkType });
      },
      log: () => log.map((entry) => ({ ...entry })),
    },
  };
}

async function send({ url, method = 'GET', header = {}, data, timeout }, signal, relayOrigin) {
  const verb = method.toUpperCase();
  const headers = { 'content-type': 'application/json', ...lowered(header) };
  let target = url;
  let body;
  if (verb === 'GET' || verb === 'HEAD') {
    if (data !== undefined && typeof data === 'object') target += (url.includes('?') ? '&' : '?') + encode(data);
  } else if (data instanceof ArrayBuffer || typeof data === 'string') body = data;
  else if (ArrayBuffer.isView(data))
    throw new WxFail('parameter error: parameter.data should be String or Object or ArrayBuffer');
  else if (data !== undefined)
    body = headers['content-type'].includes('x-www-form-urlencoded') ? encode(data) : JSON.stringify(data);
  const relay = {
    url: target,
    method: verb,
    header: headers,
    timeout: Math.min(timeout ?? defaultTimeoutMs, defaultTimeoutMs),
  };
  let answer;
  try {
    // text/plain needs no preflight
    const ask = `${relayOrigin}/?ask=${encodeURIComponent(JSON.stringify(relay))}`;
    answer = await fetch(ask, { method: 'POST', headers: { 'content-type': 'text/plain' }, body, signal });
  } catch (error) {
    throw new WxFail(error.name === 'AbortError' ? 'abort' : error.message);
  }
  if (answer.status === 599) throw new WxFail(decodeURIComponent(answer.headers.get('x-relay-fail')));
  if (answer.status !== 200) throw new WxFail(await answer.text());
  return {
    answer,
    statusCode: Number(answer.headers.get('x-relay-status')),
    header: JSON.parse(decodeURIComponent(answer.headers.get('x-relay-header'))),
  };
}

async function readAll(answer, chunkListeners, host) {
  const parts = [];
  const reader = answer.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) break;
    parts.push(value);
    for (const listener of chunkListeners) host.faults.guard(() => listener({ data: value.slice().buffer }));
  }
  return new Blob(parts).arrayBuffer();
}

function decode(bytes, { dataType = 'json', responseType = 'text' }) {
  if (responseType === 'arraybuffer') return bytes;
  const text = new TextDecoder().decode(bytes);
  if (dataType !== 'json') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // "如果设为 json，会尝试对返回的数据做一次 JSON.parse"
  }
}

const lowered = (header) =>
  Object.fromEntries(Object.entries(header).map(([name, value]) => [name.toLowerCase(), String(value)]));
const encode = (data) =>
  Object.entries(data)
    .map(
      ([key, value]) =>
        `${encodeURIComponent(key)}=${encodeURIComponent(typeof value === 'object' ? JSON.stringify(value) : value)}`,
    )
    .join('&');
