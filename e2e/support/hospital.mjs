// A running hospital to test with: the real server process, spoken to only through its doors (DICOM, MLLP, HTTPS, the browser).
import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';
import { startOurs } from './server-process.mjs';

/** Starts a server without demo data and signs its demo staff in. */
export async function startHospital(options = {}) {
  const server = await startOurs(options);
  const credentials = await untilCredentials(server.folder);
  const call = (method, pathname, body, token) => request(server.http, method, pathname, body, token);
  const signIn = async ({ account, password, oneTimeCodeSecret }) => {
    const signedIn = await call('POST', '/api/staff/sign-in', {
      account,
      password,
      oneTimeCode: oneTimeCode(oneTimeCodeSecret),
    });
    if (signedIn.status !== 200) throw new Error(`sign-in failed: ${JSON.stringify(signedIn.body)}`);
    return signedIn.body.accessToken;
  };
  const token = await signIn(credentials);
  return {
    ...server,
    credentials,
    token,
    call,
    /** A doctor of the hospital, who reads what is not approved yet. @returns {Promise<string>} access token */
    signInDoctor: () => signIn(credentials.doctor),
    origin: `https://127.0.0.1:${server.http}`,
    async films() {
      return (await call('POST', '/api/films/search', {}, token)).body.films;
    },
    /** The first film that is the wanted one, once the patient may see it. */
    async publishedFilm(seconds = 120, isWanted = () => true) {
      for (let i = 0; i < seconds * 5; i++) {
        const film = (await this.films()).find((one) => one.state === 'published' && isWanted(one));
        if (film !== undefined) return film;
        await delay(200);
      }
      throw new Error(`no film was published: ${JSON.stringify(await this.films())}`);
    },
    async share(filmId, input = { purpose: 'consultation' }) {
      const made = await call('POST', `/api/films/${filmId}/shares`, input, token);
      if (made.status !== 200) throw new Error(`share failed: ${JSON.stringify(made.body)}`);
      return made.body;
    },
    revoke: (shareId) => call('POST', `/api/shares/${shareId}/revoke`, {}, token),
  };
}

async function untilCredentials(folder) {
  for (let i = 0; i < 200; i++) {
    try {
      return JSON.parse(readFileSync(path.join(folder, 'demo-credentials.json'), 'utf8'));
    } catch {
      await delay(100); // written a moment after the ports open
    }
  }
  throw new Error('no demo credentials');
}

export function oneTimeCode(secret) {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate();
}

function request(port, method, pathname, body, token) {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = {
      ...(text === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const sent = https.request(
      { host: '127.0.0.1', port, path: pathname, method, headers, rejectUnauthorized: false },
      (response) => {
        const chunks = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () => {
          const bytes = Buffer.concat(chunks);
          const isJson = String(response.headers['content-type']).includes('json');
          resolve({
            status: response.statusCode,
            headers: response.headers,
            bytes,
            body: isJson && bytes.length > 0 ? JSON.parse(bytes.toString('utf8')) : undefined,
          });
        });
        response.on('error', reject);
      },
    );
    sent.on('error', reject);
    sent.end(text);
  });
}

/** dcmtk's storescu, the PACS of these tests. Rejects unless every image was answered with Success. */
export function storescu(server, files, { aeTitle = 'PACS1', options = [] } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      'storescu',
      ['-aet', aeTitle, '-aec', server.calledAeTitle, ...options, '127.0.0.1', String(server.dicom), ...files],
      { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TCP_NODELAY: '1' } },
    );
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.on('exit', (code) =>
      code === 0 ? resolve() : reject(new Error(`storescu ${code}: ${errors.slice(0, 800)}`)),
    );
  });
}

/** One header value of a DICOM file, read by dcmtk. */
export function dicomValue(file, tag) {
  return /\[(.*?)\]/.exec(execFileSync('dcmdump', ['+P', tag, file], { encoding: 'utf8' }))?.[1]?.trim() ?? '';
}
