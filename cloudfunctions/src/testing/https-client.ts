import { type IncomingHttpHeaders, request } from 'node:http';
import { request as secureRequest } from 'node:https';

export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The body as JSON. */
  json<T>(): T;
  /** False where the connection ended before the answer was complete. */
  readonly isComplete: boolean;
}

export interface Asked {
  readonly method?: string;
  readonly token?: string | undefined;
  readonly json?: unknown;
  readonly body?: Buffer | string;
  readonly headers?: Record<string, string>;
}

export type Ask = (path: string, asked?: Asked) => Promise<Received>;

/** A client that checks the server's certificate against `ca`, as a browser would. */
export function httpsClient(port: number, ca: Buffer | undefined): Ask {
  return (path, asked = {}) =>
    new Promise((resolve, reject) => {
      const body = asked.json === undefined ? asked.body : JSON.stringify(asked.json);
      const headers: Record<string, string> = {
        ...(asked.json === undefined ? {} : { 'content-type': 'application/json' }),
        ...(asked.token === undefined ? {} : { authorization: `Bearer ${asked.token}` }),
        ...(body === undefined || asked.headers?.['transfer-encoding'] !== undefined
          ? {}
          : { 'content-length': String(Buffer.byteLength(body)) }),
        ...asked.headers,
      };
      const method = asked.method ?? (body === undefined ? 'GET' : 'POST');
      const options = { host: '127.0.0.1', port, path, method, headers, agent: false };
      const sent = ca === undefined ? request(options) : secureRequest({ ...options, ca });
      sent.on('error', reject);
      sent.on('response', (answer) => {
        const chunks: Buffer[] = [];
        const finish = (isComplete: boolean) => {
          const all = Buffer.concat(chunks);
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: all,
            json: <T>() => JSON.parse(all.toString('utf8')) as T, // tests say what they expect
            isComplete,
          });
        };
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => finish(answer.complete));
        answer.on('error', () => finish(false));
      });
      sent.end(body);
    });
}
