import * as v from 'valibot';
import type { FilmManifest } from './film-manifest';
import { framesQuery, id, type RouteContract, wholeNumber } from './route-contract';
import type { CreatedShare, ShareItem } from './routes';

/**
 * What a person (患者账号) asks about their own films. A phone number signs a person in; it never shows whose film is whose: that
 * takes a link to a hospital's record, made with name + ID number **and** a code sent to the phone in that record (design §6).
 * Nothing personal stands in an address: searches and identities are POSTed.
 */

/** Mainland mobile number, 11 digits, given with optional blanks or hyphens. */
export const mobilePhone = v.pipe(
  v.string(),
  v.maxLength(20),
  v.transform((text) => text.replace(/[\s-]/g, '').replace(/^\+?86(?=1\d{10}$)/, '')),
  v.regex(/^1[3-9]\d{9}$/),
);
/** Six digits, as sent by text message. */
export const textMessageCode = v.pipe(v.string(), v.regex(/^\d{6}$/));
/** 18 characters, GB 11643; the check digit is judged by the use case. */
export const idNumber = v.pipe(
  v.string(),
  v.maxLength(24),
  v.transform((text) => text.replace(/\s/g, '').toUpperCase()),
  v.regex(/^\d{17}[\dX]$/),
);
const filmParams = v.strictObject({ filmId: id });

export const patientRoutes = {
  sendSignInCode: {
    method: 'POST',
    path: '/api/patient/codes',
    audience: 'public',
    summary: '向手机发送登录验证码（无论号码是否登记，回答相同）',
    body: v.strictObject({ phone: mobilePhone }),
  },
  signInPatient: {
    method: 'POST',
    path: '/api/patient/sign-in',
    audience: 'public',
    summary: '手机号 + 验证码登录，首次登录即注册',
    body: v.strictObject({ phone: mobilePhone, code: textMessageCode }),
  },
  renewPatient: {
    method: 'POST',
    path: '/api/patient/renew',
    audience: 'public',
    summary: '以续期令牌换取新的访问令牌（续期令牌只能用一次，重复使用即注销该会话）',
    body: v.strictObject({ refreshToken: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/)) }),
  },
  signOutPatient: { method: 'POST', path: '/api/patient/sign-out', audience: 'patient', summary: '退出登录' },
  patientAccount: {
    method: 'GET',
    path: '/api/patient/account',
    audience: 'patient',
    summary: '账号与已绑定的就诊档案',
  },
  startLink: {
    method: 'POST',
    path: '/api/patient/links/start',
    audience: 'patient',
    summary: '以姓名 + 身份证号申请绑定；验证码发往医院档案中的手机（无论是否相符，回答相同）',
    body: v.strictObject({
      hospitalId: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{1,64}$/)),
      name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64)),
      idNumber,
    }),
  },
  confirmLink: {
    method: 'POST',
    path: '/api/patient/links/confirm',
    audience: 'patient',
    summary: '以验证码完成绑定',
    body: v.strictObject({ challengeId: id, code: textMessageCode }),
  },
  removeLink: {
    method: 'POST',
    path: '/api/patient/links/:linkId/remove',
    audience: 'patient',
    summary: '解除绑定',
    params: v.strictObject({ linkId: id }),
  },
  patientFilms: {
    method: 'GET',
    path: '/api/patient/films',
    audience: 'patient',
    summary: '我的胶片，按检查时间由新到旧',
    query: v.strictObject({
      cursor: v.optional(v.pipe(v.string(), v.maxLength(128))),
      limit: v.optional(wholeNumber(1, 100), 30),
    }),
  },
  patientFilm: {
    method: 'GET',
    path: '/api/patient/films/:filmId',
    audience: 'patient',
    summary: '一张胶片（清单、报告）与同一患者的其他检查',
    params: filmParams,
  },
  patientFrames: {
    method: 'GET',
    path: '/api/patient/films/:filmId/frames',
    audience: 'patient',
    summary: '一批图像帧的字节',
    params: filmParams,
    query: framesQuery,
  },
  createPatientShare: {
    method: 'POST',
    path: '/api/patient/films/:filmId/shares',
    audience: 'patient',
    summary: '患者生成分享链接、口令与二维码',
    params: filmParams,
    body: v.strictObject({
      expiresInHours: v.optional(wholeNumber(1, 720), 72),
      maxViews: v.optional(wholeNumber(1, 1000), 20),
      purpose: v.picklist(['family', 'consultation', 'transfer']),
    }),
  },
  patientShares: {
    method: 'GET',
    path: '/api/patient/shares',
    audience: 'patient',
    summary: '我生成的全部分享，由新到旧',
  },
  revokePatientShare: {
    method: 'POST',
    path: '/api/patient/shares/:shareId/revoke',
    audience: 'patient',
    summary: '撤销我生成的分享',
    params: v.strictObject({ shareId: id }),
  },
} as const satisfies Record<string, RouteContract>;

/** What `sendSignInCode` and `startLink` answer, the same whether a message went out or not. */
export interface CodeSent {
  /** Seconds until another code may be asked for. */
  readonly resendAfterSeconds: number;
  /** Seconds the code stays valid. */
  readonly validForSeconds: number;
}

/** What `startLink` answers. */
export interface LinkStarted extends CodeSent {
  readonly challengeId: string;
}

/** What `signInPatient` and `renewPatient` answer. */
export interface PatientSignedIn {
  readonly accessToken: string;
  /** ISO 8601 UTC. */
  readonly expiresAt: string;
  /** 43 characters of base64url; good for one renewal. */
  readonly refreshToken: string;
  readonly refreshExpiresAt: string;
}

export interface PatientAccount {
  /** "138****5678". */
  readonly phoneMasked: string;
  readonly links: readonly PatientLinkItem[];
  /** Hospitals one can bind to. */
  readonly hospitals: readonly { readonly hospitalId: string; readonly name: string }[];
}

/** What `confirmLink` answers, too. */
export interface PatientLinkItem {
  readonly linkId: string;
  readonly hospitalId: string;
  readonly hospitalName: string;
  /** "" where the hospital's record no longer agrees with what the link was made with: it then shows nothing. */
  readonly nameMasked: string;
  readonly sex: 'M' | 'F' | 'O' | '';
  /** ISO 8601 UTC. */
  readonly linkedAt: string;
}

export interface PatientFilmItem {
  readonly filmId: string;
  readonly hospitalName: string;
  readonly nameMasked: string;
  readonly examItem: string;
  readonly modalities: readonly string[];
  readonly bodyPart: string;
  /** As `FilmManifest.examAt`. */
  readonly examAt: string;
  readonly instanceCount: number;
  /** A withdrawn or held film isn't listed. */
  readonly reportStatus: 'none' | 'approved' | 'amended';
  /** ISO 8601 UTC until when it can be viewed on line; null: no end is set. */
  readonly viewUntil: string | null;
  readonly activeShares: number;
}

export interface PatientFilmList {
  readonly films: readonly PatientFilmItem[];
  readonly nextCursor: string | null;
}

/** What `patientFilm` answers. */
export interface PatientFilmPage {
  readonly film: FilmManifest;
  /** The same patient's other published films, newest first, this one left out. */
  readonly otherFilms: readonly PatientFilmItem[];
}

export interface PatientShareItem extends Omit<ShareItem, 'purpose'> {
  readonly purpose: 'family' | 'consultation' | 'transfer';
  readonly filmId: string;
  readonly examItem: string;
  readonly examAt: string;
  /** ISO 8601 UTC of the last successful opening; null: never opened. */
  readonly lastViewedAt: string | null;
}

export interface PatientShareList {
  readonly shares: readonly PatientShareItem[];
}

/** What `createPatientShare` answers; `url` and `passcode` are shown once. */
export interface CreatedPatientShare extends PatientShareItem, Pick<CreatedShare, 'url' | 'passcode' | 'qrSvg'> {}
