import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExamListItem } from '@yingyun/shared/contract/exam-routes';
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { encodeFrameRecordHead, encodeFrameTrailer, frameBatchMediaType } from '@yingyun/shared/contract/frame-batch';
import { problemMessages } from '@yingyun/shared/contract/problem-messages';
import type { Audience, RouteContract } from '@yingyun/shared/contract/route-contract';
import { type CreatedShare, type RouteName, routes, type ShareItem } from '@yingyun/shared/contract/routes';
import type { ProblemCode } from '@yingyun/shared/domain/problem';
import QRCode from 'qrcode';
import * as v from 'valibot';
import { doseReport, type ExamSearch, examManifest, matchingExams, relatedTo, reportVersions } from './mock-exams';
import { listedFilms, manifest, phantomFrame } from './mock-films';

/**
 * The API as far as pages can tell, for page tests only. It is stricter than a server needs to be: every request must match a
 * route of the contract with its schema and audience, and whatever doesn't is kept in `violations`, which tests expect empty.
 */
export const staff = { account: 'demo.doctor', password: 'correct horse', oneTimeCode: '123456' };

interface Asked {
  readonly params: Record<string, string>;
  readonly query: Record<string, unknown>;
  readonly body: unknown;
  readonly token: string;
}
type Answer =
  | { readonly json: unknown }
  | { readonly bytes: Uint8Array[] }
  | { readonly problem: ProblemCode; readonly retryAfterSeconds?: number };
type MutableShare = { -readonly [K in keyof ShareItem]: ShareItem[K] } & {
  readonly filmId: string;
  readonly token: string;
  readonly passcode: string;
};

export class MockApi {
  readonly violations: string[] = [];
  readonly shares: MutableShare[] = [];
  /** Exams whose manifest was asked for. */
  readonly opened = new Set<string>();
  /** Every route asked, in order. */
  readonly asked: RouteName[] = [];
  /** Fault switches for tests. */
  filmFailure: ProblemCode | undefined;
  listFailure: ProblemCode | undefined;
  /** Exams that came after the others. */
  arrivedExams: ExamListItem[] = [];
  /** What every share shows. */
  sharedFilm: FilmManifest = manifest;
  /** What the next frames are refused with, once. */
  nextFramesFailure: ProblemCode | undefined;
  private readonly tokens = new Map<string, { audience: Audience; share?: MutableShare }>();

  constructor(private readonly origin: () => string) {}

  /** True where the request was one of the API's. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const url = new URL(request.url ?? '/', 'http://mock');
    if (!url.pathname.startsWith('/api/')) return false;
    const answer = await this.answer(request, url);
    const headers = { 'cache-control': 'no-store' };
    if ('bytes' in answer) {
      response.writeHead(200, { ...headers, 'content-type': frameBatchMediaType });
      for (const part of answer.bytes) response.write(part);
      response.end();
    } else if ('json' in answer) {
      response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(answer.json));
    } else {
      const { status, message } = problemMessages[answer.problem];
      const body = {
        code: answer.problem,
        message,
        requestId: randomUUID(),
        retryAfterSeconds: answer.retryAfterSeconds,
      };
      response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(body));
    }
    return true;
  }

  addShare(passcode: string, filmId = manifest.filmId, wish: Partial<MutableShare> = {}): MutableShare {
    const share: MutableShare = {
      shareId: randomUUID(),
      filmId,
      token: randomBytes(16).toString('base64url'),
      passcode,
      purpose: 'patient',
      createdBy: 'staff',
      createdAt: new Date().toISOString(),
      expiresAt: new Date(Date.now() + 72 * 3_600_000).toISOString(),
      maxViews: 20,
      views: 0,
      state: 'active',
      ...wish,
    };
    this.shares.unshift(share);
    return share;
  }

  /** Every token is forgotten: sessions ended elsewhere, or the server was restarted with new keys. */
  endSessions(): void {
    this.tokens.clear();
  }

  private async answer(request: IncomingMessage, url: URL): Promise<Answer> {
    const found = matchRoute(request.method ?? '', url.pathname);
    if (found === undefined) return this.violation(`no route ${request.method} ${url.pathname}`);
    const { name, route, params } = found;
    this.asked.push(name);
    if (/token|passcode/i.test(url.search)) this.violation(`secret in the query of ${name}`);
    const text = await bodyOf(request);
    if ((text !== '') !== 'body' in route)
      return this.violation(`${name}: body ${text === '' ? 'missing' : 'unexpected'}`);
    if (text !== '' && request.headers['content-type'] !== 'application/json')
      return this.violation(`${name}: content type`);
    const parts = {
      params,
      query: Object.fromEntries(url.searchParams),
      body: text === '' ? undefined : JSON.parse(text),
    };
    const parsed: Record<string, unknown> = {};
    for (const part of ['params', 'query', 'body'] as const) {
      const schema = (route as RouteContract)[part]; // the union of all routes has no common optional part
      const result = v.safeParse(schema ?? v.union([v.undefined(), v.strictObject({})]), parts[part]);
      if (!result.success) return this.violation(`${name}: ${part} ${JSON.stringify(v.flatten(result.issues))}`);
      parsed[part] = result.output;
    }
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (route.audience === 'public' && bearer !== '') return this.violation(`${name}: a token where none belongs`);
    if (route.audience !== 'public') {
      if (bearer === '') return this.violation(`${name}: no token`);
      const grant = this.tokens.get(bearer);
      if (grant?.audience !== route.audience) return { problem: 'unauthenticated' };
      if (grant.share !== undefined && grant.share.state !== 'active') return { problem: 'unauthenticated' };
    }
    return this.act(name, { ...(parsed as unknown as Asked), token: bearer }); // parsed by the route's own schemas
  }

  private violation(what: string): Answer {
    this.violations.push(what);
    return { problem: 'invalid-request' };
  }

  private act(name: RouteName, asked: Asked): Answer | Promise<Answer> {
    switch (name) {
      case 'openShare':
        return this.openShare(asked.body as { token: string; passcode: string }); // parsed by its schema
      case 'renewShare':
        return { json: this.grant('share', this.tokens.get(asked.token)?.share) };
      case 'sharedFilm':
        return this.filmFailure === undefined ? { json: this.sharedFilm } : { problem: this.filmFailure };
      case 'film': {
        const filmId = asked.params['filmId'] ?? '';
        this.opened.add(filmId);
        if (this.filmFailure !== undefined) return { problem: this.filmFailure };
        return { json: examManifest(filmId) ?? manifest };
      }
      case 'sharedFrames':
      case 'filmFrames': {
        const failure = this.nextFramesFailure;
        this.nextFramesFailure = undefined;
        return failure === undefined
          ? frames(asked.query as unknown as FramesWish, examManifest(asked.params['filmId'] ?? '') ?? this.sharedFilm) // parsed by its schema
          : { problem: failure };
      }
      case 'signIn': {
        const isRight = JSON.stringify(asked.body) === JSON.stringify(staff);
        if (!isRight) return { problem: 'sign-in-refused' };
        const { accessToken, expiresAt } = this.grant('staff', undefined);
        return { json: { accessToken, expiresAt, displayName: '李医生', hospitalName: manifest.hospitalName } };
      }
      case 'signOut':
        this.tokens.delete(asked.token);
        return { json: {} };
      case 'listFilms':
        return this.listFilms(asked.body as { q: string; limit: number; cursor?: string }); // parsed by its schema
      case 'searchExams':
        return this.searchExams(asked.body as ExamSearch); // parsed by its schema
      case 'relatedExams':
        return { json: { exams: relatedTo(asked.params['filmId'] ?? '') } };
      case 'examReports':
        return { json: { versions: reportVersions } };
      case 'examMarks':
        return { json: { sheets: [] } };
      case 'saveExamMarks':
        return { json: { version: 1 } };
      case 'listShares':
        return {
          json: { shares: this.shares.filter((share) => share.filmId === asked.params['filmId']).map(publicShare) },
        };
      case 'createShare':
        return this.createShare(asked);
      case 'revokeShare': {
        const share = this.shares.find((each) => each.shareId === asked.params['shareId']);
        if (share === undefined) return { problem: 'not-found' };
        share.state = 'revoked';
        return { json: {} };
      }
      case 'sharedDocument':
      case 'filmDocument':
        return { json: doseReport };
      case 'sharedOverlay':
      case 'filmOverlay':
        return { problem: 'not-found' };
      default:
        return this.violation(`${name} is no route of these pages`);
    }
  }

  private openShare(body: { token: string; passcode: string }): Answer {
    const passcode = v.safeParse(routes.openShare.body.entries.passcode, body.passcode);
    const share = this.shares.find(
      (each) => each.token === body.token && passcode.success && each.passcode === passcode.output,
    );
    if (share?.state === 'locked') return { problem: 'share-locked', retryAfterSeconds: 1740 };
    if (share === undefined || share.state !== 'active') return { problem: 'share-unavailable' };
    share.views += 1;
    const film = this.filmFailure === undefined ? this.sharedFilm : null;
    return { json: { ...this.grant('share', share), film, firstPicture: null } };
  }

  private grant(audience: Audience, share: MutableShare | undefined) {
    const accessToken = randomBytes(24).toString('base64url');
    this.tokens.set(accessToken, share === undefined ? { audience } : { audience, share });
    return {
      accessToken,
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
      shareExpiresAt: share?.expiresAt,
    };
  }

  private listFilms({ q, limit, cursor }: { q: string; limit: number; cursor?: string }): Answer {
    if (this.listFailure !== undefined) return { problem: this.listFailure };
    const active = (filmId: string) =>
      this.shares.filter((share) => share.filmId === filmId && share.state === 'active').length;
    const matching = listedFilms.filter(({ words }) => words.includes(q.toLowerCase()));
    const from = Number(cursor ?? 0);
    const films = matching
      .slice(from, from + limit)
      .map(({ film }) => ({ ...film, activeShares: active(film.filmId) }));
    return { json: { films, nextCursor: from + limit < matching.length ? String(from + limit) : null } };
  }

  private searchExams({ cursor, limit, knownRevision, ...wish }: ExamSearch): Answer {
    if (this.listFailure !== undefined) return { problem: this.listFailure };
    const matching = [...this.arrivedExams, ...matchingExams(wish)].map((exam) =>
      this.opened.has(exam.filmId) ? { ...exam, reading: 'read' } : exam,
    );
    const from = Number(cursor ?? 0);
    const nextCursor = from + limit < matching.length ? String(from + limit) : null;
    const shown = matching.slice(from, from + limit);
    const revision = createHash('sha256').update(JSON.stringify(shown)).digest('hex').slice(0, 16);
    const isUnchanged = revision === knownRevision;
    return { json: { exams: isUnchanged ? [] : shown, nextCursor, revision, ...(isUnchanged ? { isUnchanged } : {}) } };
  }

  private async createShare(asked: Asked): Promise<Answer> {
    const wish = asked.body as { purpose: 'patient' | 'consultation'; expiresInHours: number; maxViews: number }; // parsed by its schema
    const share = this.addShare('7K3M9QXD', asked.params['filmId'], {
      purpose: wish.purpose,
      maxViews: wish.maxViews,
      expiresAt: new Date(Date.now() + wish.expiresInHours * 3_600_000).toISOString(),
    });
    const url = `${this.origin()}/s/${share.token}`;
    const qrSvg = await QRCode.toString(url, { type: 'svg', margin: 0 });
    return { json: { ...publicShare(share), url, passcode: share.passcode, qrSvg } satisfies CreatedShare };
  }
}

function publicShare({ filmId: _filmId, token: _token, passcode: _passcode, ...item }: MutableShare): ShareItem {
  return item;
}

interface FramesWish {
  readonly series: string;
  readonly from: number;
  readonly count: number;
  readonly cursor?: string;
}

function frames({ series, from, count, cursor }: FramesWish, film: FilmManifest): Answer {
  const total = film.series.find((one) => one.seriesInstanceUid === series)?.frames.length ?? 0;
  const order = Array.from({ length: total }, (_, i) => i).sort((a, b) => Math.abs(a - from) - Math.abs(b - from));
  const wanted = count === 0 ? order : order.slice(0, count);
  const at = Number(cursor ?? 0);
  const batch = wanted.slice(at, at + 8);
  const records = batch.flatMap((frame) => {
    const bytes = phantomFrame(frame);
    return [encodeFrameRecordHead(frame, 0, bytes.length), bytes];
  });
  return { bytes: [...records, encodeFrameTrailer(at + 8 < wanted.length ? String(at + 8) : '')] };
}

function matchRoute(method: string, pathname: string) {
  for (const [name, route] of Object.entries(routes) as [RouteName, (typeof routes)[RouteName]][]) {
    // keys of `routes`
    const pattern = new RegExp(`^${route.path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    const match = route.method === method ? pattern.exec(pathname) : null;
    if (match === null) continue;
    const params = Object.entries(match.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)] as const);
    return { name, route, params: Object.fromEntries(params) };
  }
  return undefined;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer); // a request without encoding streams Buffers
  return Buffer.concat(parts).toString('utf8');
}
