// Carries wx.request to the real server. It stands outside the browser, as WeChat's network layer stands outside the web view: no CORS,
// no cookies of its own, its own Referer and User-Agent.

import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { createGunzip } from 'node:zlib';

/**
 * POST /?ask=JSON { url, method, header, timeout }; the body is the request's. Answers the server's status, headers and body.
 * A request that never got an answer is answered with 599 and the reason.
 */
export async function relayRequest(request, response, network, appId) {
  const { url, method, header, timeout } = JSON.parse(new URL(request.url, 'http://relay').searchParams.get('ask'));
  const wanted = new URL(url);
  const target = new URL(network.domains[wanted.origin]);
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  const sent = (target.protocol === 'https:' ? https : http).request({
    host: target.hostname,
    port: target.port,
    path: wanted.pathname + wanted.search,
    method,
    headers: {
      'accept-encoding': 'gzip',
      ...header,
      host: wanted.host,
      referer: `https://servicewechat.com/${appId}/0/page-frame.html`,
      'user-agent': network.userAgent,
      ...(body.length > 0 ? { 'content-length': body.length } : {}),
    },
    rejectUnauthorized: false, // the demo's certificate is self-signed; only the hosts of `domains` are ever asked
  });
  const refuse = (reason) => {
    if (response.headersSent) return response.destroy();
    response.writeHead(599, { ...readable, 'x-relay-fail': encodeURIComponent(reason) }).end();
  };
  const timer = setTimeout(() => (refuse('timeout'), sent.destroy()), timeout);
  response.on('close', () => (clearTimeout(timer), sent.destroy()));
  sent.on('error', (error) => refuse(error.code ?? error.message));
  sent.end(body);
  const [answer] = await Promise.race([once(sent, 'response'), once(response, 'close').then(() => [undefined])]);
  if (answer === undefined) return;
  const headers = Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !hopByHop.has(name)));
  response.writeHead(200, {
    ...readable,
    'x-relay-status': answer.statusCode,
    'x-relay-header': encodeURIComponent(JSON.stringify(headers)),
    'content-type': 'application/octet-stream',
  });
  const isPacked = answer.headers['content-encoding'] === 'gzip';
  (isPacked ? answer.pipe(createGunzip()) : answer).pipe(response);
  await once(response, 'close');
}

const hopByHop = new Set(['connection', 'keep-alive', 'transfer-encoding']);

/** The page may read the answer: it comes from another port than the page. */
const readable = { 'access-control-allow-origin': '*', 'access-control-expose-headers': '*' };
