import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { encodeFrameRecordHead, encodeFrameTrailer, frameBatchMediaType } from '@yingyun/shared/contract/frame-batch';
import {
  type CreatedPatientShare,
  type PatientFilmItem,
  type PatientLinkItem,
  type PatientShareItem,
  patientRoutes,
} from '@yingyun/shared/contract/patient-routes';
import { problemMessages } from '@yingyun/shared/contract/problem-messages';
import type { RouteContract } from '@yingyun/shared/contract/route-contract';
import QRCode from 'qrcode';
import * as v from 'valibot';
import { manifest, phantomFrame } from '../../../h5/src/testing/mock-films';

type RouteName = keyof typeof patientRoutes;
type Asked = {
  readonly params: Record<string, string>;
  readonly query: Record<string, unknown>;
  readonly body: unknown;
  readonly token: string;
};
type Answer =
  | { readonly json: unknown }
  | { readonly bytes: readonly Uint8Array[] }
  | { readonly status: number; readonly code: string; readonly message: string; readonly retryAfterSeconds?: number };

export const codes = { signIn: '123456', link: '654321' };
const hospitalId = '00000000-0000-4000-8000-0000000000a1';
const codeRefused = { status: 403, code: 'code-refused', message: problemMessages['code-refused'].message } as const;
const unauthenticated = { status: 401, code: 'unauthenticated', message: '登录已失效，请重新验证身份' } as const;
const notFound = { status: 404, code: 'not-found', message: '没有找到所请求的内容' } as const;

/**
 * The patient API as far as the app can tell, for page tests only. Stricter than a server needs to be: every request must match a
 * route of the contract with its schema and audience; whatever doesn't is kept in `violations`, which tests expect empty.
 */
export class MockPatientApi {
  readonly violations: string[] = [];
  readonly asked: RouteName[] = [];
  links: PatientLinkItem[] = [];
  films: PatientFilmItem[] = [];
  shares: PatientShareItem[] = [];
  /** What a film answers with; tests change it. */
  manifest: FilmManifest = manifest;
  filmFailure: Exclude<Answer, { json: unknown } | { bytes: readonly Uint8Array[] }> | undefined;
  accessSeconds = 600;
  /** The line to the API is cut; the page itself still loads. */
  isDown = false;
  /** Refresh tokens and whether they were used. A second use is what a server takes for theft. */
  readonly refreshTokens = new Map<string, boolean>();
  private accessTokens = new Set<string>();

  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const url = new URL(request.url ?? '/', 'http://mock');
    if (!url.pathname.startsWith('/api/')) return false;
    if (this.isDown) {
      request.destroy();
      return true;
    }
    const answer = await this.answer(request, url);
    const headers = { 'cache-control': 'no-store' };
    if ('bytes' in answer) {
      response.writeHead(200, { ...headers, 'content-type': frameBatchMediaType });
      for (const part of answer.bytes) response.write(part);
      response.end();
    } else if ('json' in answer) {
      response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(answer.json));
    } else {
      const { status, ...body } = answer;
      response.writeHead(status, { ...headers, 'content-type': 'application/json' });
      response.end(JSON.stringify({ ...body, requestId: randomUUID() }));
    }
    return true;
  }

  reset(): void {
    this.violations.length = 0;
    this.asked.length = 0;
    this.links = [];
    this.films = [];
    this.shares = [];
    this.manifest = manifest;
    this.filmFailure = undefined;
    this.isDown = false;
    this.refreshTokens.clear();
    this.accessTokens.clear();
  }

  /** As `confirmLink` does. */
  bind(): PatientLinkItem {
    const link: PatientLinkItem = {
      linkId: randomUUID(),
      hospitalId,
      hospitalName: manifest.hospitalName,
      nameMasked: '张*华',
      sex: 'M',
      linkedAt: new Date().toISOString(),
    };
    this.links.push(link);
    return link;
  }

  private async answer(request: IncomingMessage, url: URL): Promise<Answer> {
    const found = matchRoute(request.method ?? '', url.pathname);
    if (found === undefined) return this.violation(`no route ${request.method} ${url.pathname}`);
    const { name, route, params } = found;
    this.asked.push(name);
    const text = await bodyOf(request);
    if (text !== '' && route.body === undefined && text !== '{}') return this.violation(`${name}: unexpected body`);
    const body = route.body === undefined ? undefined : JSON.parse(text === '' ? 'null' : text);
    const parts = { params, query: Object.fromEntries(url.searchParams), body };
    const parsed: Record<string, unknown> = {};
    for (const part of ['params', 'query', 'body'] as const) {
      const schema = route[part] ?? v.union([v.undefined(), v.strictObject({})]);
      const result = v.safeParse(schema, parts[part]);
      if (!result.success && part === 'body')
        return { status: 400, code: 'invalid-request', message: '请求内容不符合要求' };
      if (!result.success) return this.violation(`${name}: ${part} ${JSON.stringify(v.flatten(result.issues))}`);
      parsed[part] = result.output;
    }
    const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (route.audience === 'public' && token !== '') return this.violation(`${name}: a token where none belongs`);
    if (route.audience !== 'public') {
      if (token === '') return this.violation(`${name}: no token`);
      if (!this.accessTokens.has(token)) return unauthenticated;
    }
    return this.act(name, { ...(parsed as Omit<Asked, 'token'>), token }); // parsed by the route's own schemas
  }

  private violation(what: string): Answer {
    this.violations.push(what);
    return { status: 400, code: 'invalid-request', message: '请求内容不符合要求' };
  }

  private act(name: RouteName, { params, query, body, token }: Asked): Answer | Promise<Answer> {
    switch (name) {
      case 'sendSignInCode':
        return { json: { resendAfterSeconds: 60, validForSeconds: 300 } };
      case 'signInPatient':
        return (body as { code: string }).code === codes.signIn ? { json: this.grant() } : codeRefused;
      case 'renewPatient': {
        const { refreshToken } = body as { refreshToken: string };
        if (this.refreshTokens.get(refreshToken) !== false) {
          if (this.refreshTokens.has(refreshToken)) this.violations.push('a refresh token was used twice');
          return unauthenticated;
        }
        this.refreshTokens.set(refreshToken, true);
        return { json: this.grant() };
      }
      case 'signOutPatient':
        this.accessTokens.delete(token);
        return { json: {} };
      case 'patientAccount':
        return {
          json: {
            phoneMasked: '138****8000',
            links: this.links,
            hospitals: [{ hospitalId, name: manifest.hospitalName }],
          },
        };
      case 'startLink':
        return { json: { challengeId: randomUUID(), resendAfterSeconds: 60, validForSeconds: 300 } };
      case 'confirmLink': {
        if ((body as { code: string }).code !== codes.link) return codeRefused;
        return { json: this.bind() };
      }
      case 'removeLink':
        this.links = this.links.filter((link) => link.linkId !== params['linkId']);
        return { json: {} };
      case 'patientFilms': {
        const { cursor, limit } = query as { cursor?: string; limit: number };
        const from = Number(cursor ?? 0);
        const shown = this.links.length === 0 ? [] : this.films;
        const next = from + limit < shown.length ? String(from + limit) : null;
        return { json: { films: shown.slice(from, from + limit), nextCursor: next } };
      }
      case 'patientFilm': {
        if (this.filmFailure !== undefined) return this.filmFailure;
        const film = this.films.find((each) => each.filmId === params['filmId']);
        if (film === undefined) return notFound;
        const otherFilms = this.films.filter((each) => each !== film).slice(0, 3);
        return { json: { film: { ...this.manifest, filmId: film.filmId, examItem: film.examItem }, otherFilms } };
      }
      case 'patientFrames':
        return this.frames(query as { series: string; from: number; count: number; cursor?: string });
      case 'createPatientShare':
        return this.createShare(params['filmId'] ?? '', body as Parameters<typeof this.createShare>[1]);
      case 'patientShares':
        return { json: { shares: this.shares } };
      case 'revokePatientShare':
        this.shares = this.shares.map((share) =>
          share.shareId === params['shareId'] ? { ...share, state: 'revoked' } : share,
        );
        return { json: {} };
      default:
        return name satisfies never;
    }
  }

  private grant() {
    const accessToken = randomBytes(24).toString('base64url');
    const refreshToken = randomBytes(32).toString('base64url');
    this.accessTokens.add(accessToken);
    this.refreshTokens.set(refreshToken, false);
    return {
      accessToken,
      expiresAt: new Date(Date.now() + this.accessSeconds * 1000).toISOString(),
      refreshToken,
      refreshExpiresAt: new Date(Date.now() + 30 * 86_400_000).toISOString(),
    };
  }

  private frames({ from, count, cursor }: { from: number; count: number; cursor?: string }): Answer {
    const total = this.manifest.series[0]?.frames.length ?? 0;
    const order = Array.from({ length: total }, (_, i) => i).sort((a, b) => Math.abs(a - from) - Math.abs(b - from));
    const wanted = count === 0 ? order : order.slice(0, count);
    const start = Number(cursor ?? 0);
    const batch = wanted.slice(start, start + 8);
    const bytes = batch.flatMap((frame) => {
      const pixels = phantomFrame(frame);
      return [encodeFrameRecordHead(frame, 0, pixels.length), pixels];
    });
    const next = start + 8 < wanted.length ? String(start + 8) : '';
    return { bytes: [...bytes, encodeFrameTrailer(next)] };
  }

  private async createShare(
    filmId: string,
    wish: { expiresInHours: number; maxViews: number; purpose: PatientShareItem['purpose'] },
  ): Promise<Answer> {
    const film = this.films.find((each) => each.filmId === filmId);
    if (film === undefined) return notFound;
    const item = {
      shareId: randomUUID(),
      filmId,
      purpose: wish.purpose,
      createdBy: 'person',
      examItem: film.examItem,
      examAt: film.examAt,
      createdAt: new Date().toISOString(),
      expiresAt: new Date(Date.now() + wish.expiresInHours * 3_600_000).toISOString(),
      maxViews: wish.maxViews,
      views: 0,
      state: 'active',
      lastViewedAt: null,
    } as const satisfies PatientShareItem;
    this.shares = [item, ...this.shares];
    const url = `https://film.example/s/${randomBytes(16).toString('base64url').slice(0, 22)}`;
    const qrSvg = await QRCode.toString(url, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
    return { json: { ...item, url, passcode: '7K3M9QXD', qrSvg } satisfies CreatedPatientShare };
  }
}

function matchRoute(method: string, path: string) {
  const given = path.split('/');
  for (const [name, route] of Object.entries(patientRoutes)) {
    const segments = route.path.split('/');
    if (route.method !== method || segments.length !== given.length) continue;
    const params: Record<string, string> = {};
    const isMatch = segments.every((segment, i) => {
      if (!segment.startsWith(':')) return segment === given[i];
      params[segment.slice(1)] = given[i] ?? '';
      return true;
    });
    if (isMatch) return { name: name as RouteName, route: route as unknown as RouteContract, params }; // keys and entries of `patientRoutes`
  }
  return undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer); // a request without encoding streams Buffers
  return Buffer.concat(parts).toString('utf8');
}
