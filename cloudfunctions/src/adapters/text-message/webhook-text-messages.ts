import { createHmac } from 'node:crypto';
import { type RequestOptions, request } from 'node:https';
import type { Clock } from '../../ports/clock-and-random';
import type { OutgoingTextMessage, TextMessages } from '../../ports/text-message';

export interface WebhookOptions {
  /** https only; query and path as the hospital's gateway wants them. */
  readonly url: string;
  /** Shared with the gateway, at least 32 characters. */
  readonly key: string;
  readonly clock: Clock;
  readonly timeoutMs?: number;
  /** Instead of the system's certificate authorities (NODE_EXTRA_CA_CERTS adds to those). */
  readonly ca?: string | Buffer;
}

/**
 * The hospital's own SMS gateway (docs/text-messages.md): POST of JSON over HTTPS, signed with HMAC-SM3 over time stamp, message id and body, so
 * that it can tell our messages from others and drop one it has already taken. 2xx: taken. 408, 429 and 5xx: try again.
 * Anything else, redirects too: refused. Where the connection was never made nothing can have been sent; where it
 * breaks or stalls afterwards nobody knows, and `send` throws.
 */
export function createWebhookTextMessages(options: WebhookOptions): TextMessages {
  return { channel: 'webhook', send: (message) => post(options, message) };
}

function post(options: WebhookOptions, message: OutgoingTextMessage): ReturnType<TextMessages['send']> {
  const { messageId, ...content } = message;
  const body = Buffer.from(JSON.stringify({ messageId, ...content }), 'utf8');
  const timestamp = String(Math.floor(options.clock.now().getTime() / 1000));
  const signature = createHmac('sm3', options.key).update(`${timestamp}.${messageId}.`).update(body).digest('hex');
  const asked: RequestOptions = {
    method: 'POST',
    agent: false,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
    minVersion: 'TLSv1.2',
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': String(body.length),
      'X-Yingyun-Message-Id': messageId,
      'X-Yingyun-Timestamp': timestamp,
      'X-Yingyun-Signature': `hmac-sm3=${signature}`,
    },
  };
  return new Promise((resolve, reject) => {
    let isConnected = false;
    const sent = request(options.url, asked, (answer) => {
      answer.destroy(); // its status is all we read
      clearTimeout(late);
      resolve(meaningOf(answer.statusCode ?? 0));
    });
    const late = setTimeout(
      () => sent.destroy(new Error('the SMS gateway did not answer in time')),
      options.timeoutMs ?? 10_000,
    );
    sent.on('socket', (socket) => socket.once('secureConnect', () => (isConnected = true)));
    sent.on('error', (cause) => {
      clearTimeout(late);
      if (isConnected) reject(new Error('nobody knows whether the SMS gateway took the message', { cause }));
      else resolve('not-sent');
    });
    sent.end(body);
  });
}

function meaningOf(status: number): 'sent' | 'not-sent' | 'refused' {
  if (status >= 200 && status < 300) return 'sent';
  return status === 408 || status === 429 || status >= 500 ? 'not-sent' : 'refused';
}
