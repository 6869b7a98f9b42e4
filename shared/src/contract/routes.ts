import * as v from 'valibot';
import { documentRoutes } from './document-routes';
import { examRoutes } from './exam-routes';
import type { FilmManifest } from './film-manifest';
import { markRoutes } from './mark-routes';
import { patientRoutes } from './patient-routes';
import { framesQuery, id, type RouteContract, wholeNumber } from './route-contract';

/**
 * The API's one contract (design D8): every route with its audience, its request schema and what it answers.
 * The server validates with these schemas and builds openapi.json from them; the clients take their types from here.
 */

export const routes = {
  openShare: {
    method: 'POST',
    path: '/api/shares/open',
    audience: 'public',
    summary: '校验分享口令，打开胶片',
    body: v.strictObject({ token: v.string(), passcode: v.string() }),
  },
  renewShare: { method: 'POST', path: '/api/share/renew', audience: 'share', summary: '在有效期内延长浏览会话' },
  sharedFilm: {
    method: 'GET',
    path: '/api/share/film',
    audience: 'share',
    summary: '胶片清单（报告、序列、每帧字节偏移）',
  },
  sharedFrames: {
    method: 'GET',
    path: '/api/share/frames',
    audience: 'share',
    summary: '一批图像帧的字节',
    query: framesQuery,
  },
  signIn: {
    method: 'POST',
    path: '/api/staff/sign-in',
    audience: 'public',
    summary: '工作人员登录（口令 + 动态码）',
    body: v.strictObject({
      account: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
      password: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
      oneTimeCode: v.pipe(v.string(), v.regex(/^\d{6}$/)),
    }),
  },
  signOut: { method: 'POST', path: '/api/staff/sign-out', audience: 'staff', summary: '退出登录' },
  // A search, and yet a POST: a patient's name must not stand in an address.
  listFilms: {
    method: 'POST',
    path: '/api/films/search',
    audience: 'staff',
    summary: '胶片列表，可按姓名（汉字、拼音、首字母）、患者编号、检查号查询',
    body: v.strictObject({
      q: v.optional(v.pipe(v.string(), v.maxLength(64)), ''),
      cursor: v.optional(v.pipe(v.string(), v.maxLength(128))),
      limit: v.optional(wholeNumber(1, 100), 30),
    }),
  },
  film: {
    method: 'GET',
    path: '/api/films/:filmId',
    audience: 'staff',
    summary: '胶片清单',
    params: v.strictObject({ filmId: id }),
  },
  filmFrames: {
    method: 'GET',
    path: '/api/films/:filmId/frames',
    audience: 'staff',
    summary: '一批图像帧的字节',
    params: v.strictObject({ filmId: id }),
    query: framesQuery,
  },
  createShare: {
    method: 'POST',
    path: '/api/films/:filmId/shares',
    audience: 'staff',
    summary: '生成分享链接与口令',
    params: v.strictObject({ filmId: id }),
    body: v.strictObject({
      expiresInHours: v.optional(wholeNumber(1, 720), 72),
      maxViews: v.optional(wholeNumber(1, 1000), 20),
      purpose: v.picklist(['patient', 'consultation']),
    }),
  },
  listShares: {
    method: 'GET',
    path: '/api/films/:filmId/shares',
    audience: 'staff',
    summary: '一张胶片的分享',
    params: v.strictObject({ filmId: id }),
  },
  revokeShare: {
    method: 'POST',
    path: '/api/shares/:shareId/revoke',
    audience: 'staff',
    summary: '撤销分享',
    params: v.strictObject({ shareId: id }),
  },
  ...documentRoutes,
  ...examRoutes,
  ...markRoutes,
  ...patientRoutes,
} as const satisfies Record<string, RouteContract>;

export type RouteName = keyof typeof routes;

/** What `renewShare` answers. */
export interface ShareAccess {
  readonly accessToken: string;
  /** ISO 8601 UTC. */
  readonly expiresAt: string;
  readonly shareExpiresAt: string;
}

/** What `openShare` answers: the film comes along, so that the first image needs no further question. */
export interface OpenedShare extends ShareAccess {
  /** Null where it couldn't be read just now: `sharedFilm` then says why. */
  readonly film: FilmManifest | null;
  /** Null where the first slice isn't plain grey, or has no coarse picture, or a large one, or couldn't be read just now. */
  readonly firstPicture: FirstPicture | null;
}

/** The coarse picture of the slice a viewer opens with, in plain samples: shown before the first frames are asked for, and without a decoder. */
export interface FirstPicture {
  readonly seriesInstanceUid: string;
  readonly frame: number;
  readonly reduce: number;
  /** The samples of that level of the frame's pyramid (imaging/frame-pyramid.ts). Its attributes are the manifest's: such frames are grey, without tables. */
  readonly base64: string;
}

export interface SignedIn {
  readonly accessToken: string;
  readonly expiresAt: string;
  readonly displayName: string;
  readonly hospitalName: string;
}

export interface FilmListItem {
  readonly filmId: string;
  readonly patientNameMasked: string;
  readonly sex: string;
  readonly age: string;
  readonly examItem: string;
  readonly modalities: readonly string[];
  readonly examAt: string;
  readonly instanceCount: number;
  readonly state: 'waiting' | 'published' | 'held' | 'withdrawn';
  readonly reportStatus: 'none' | 'preliminary' | 'approved' | 'amended' | 'withdrawn';
  readonly activeShares: number;
}

export interface FilmList {
  readonly films: readonly FilmListItem[];
  readonly nextCursor: string | null;
}

export interface ShareItem {
  readonly shareId: string;
  /** 'family' and 'transfer' are what only a person chooses. */
  readonly purpose: 'patient' | 'family' | 'consultation' | 'transfer';
  /** Who made it: the hospital's staff, or the person whose film it is. */
  readonly createdBy: 'staff' | 'person';
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly maxViews: number;
  readonly views: number;
  readonly state: 'active' | 'expired' | 'revoked' | 'used-up' | 'locked';
}

/** What `listShares` answers, newest first. */
export interface ShareList {
  readonly shares: readonly ShareItem[];
}

/** Shown once: the server keeps only a keyed hash of the token and of the passcode. */
export interface CreatedShare extends ShareItem {
  readonly url: string;
  readonly passcode: string;
  /** The link as a QR code, SVG text. */
  readonly qrSvg: string;
}

/**
 * Every failed answer's body. `message` is Chinese, from problem-messages.ts. `requestId` also stands in the `X-Request-Id`
 * header; in the body it is '' for `share-unavailable`, so that all its answers are the same bytes.
 */
export interface ProblemBody {
  readonly code: string;
  readonly message: string;
  readonly requestId: string;
  readonly retryAfterSeconds?: number;
}
