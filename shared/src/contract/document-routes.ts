import * as v from 'valibot';
import { id, type RouteContract, uid, wholeNumber } from './route-contract';

const filmAndObject = v.strictObject({ filmId: id, sopInstanceUid: uid });
/** `OverlayPlane.group` as a decimal number. */
const group = wholeNumber(0x6000, 0x601e);
/** The image frame, from 1, whose plane is wanted. */
const overlayQuery = v.strictObject({ frame: v.optional(wholeNumber(1, 1_000_000), 1) });

/** What a film has besides frames: words to read, and planes to lay over an image. */
export const documentRoutes = {
  sharedDocument: {
    method: 'GET',
    path: '/api/share/documents/:sopInstanceUid',
    audience: 'share',
    summary: '结构化报告或关键图像（JSON），或 PDF 原文',
    params: v.strictObject({ sopInstanceUid: uid }),
  },
  sharedOverlay: {
    method: 'GET',
    path: '/api/share/overlays/:sopInstanceUid/:group',
    audience: 'share',
    summary: '一个叠加层平面的比特',
    params: v.strictObject({ sopInstanceUid: uid, group }),
    query: overlayQuery,
  },
  filmDocument: {
    method: 'GET',
    path: '/api/films/:filmId/documents/:sopInstanceUid',
    audience: 'staff',
    summary: '结构化报告或关键图像（JSON），或 PDF 原文',
    params: filmAndObject,
  },
  filmOverlay: {
    method: 'GET',
    path: '/api/films/:filmId/overlays/:sopInstanceUid/:group',
    audience: 'staff',
    summary: '一个叠加层平面的比特',
    params: v.strictObject({ filmId: id, sopInstanceUid: uid, group }),
    query: overlayQuery,
  },
  patientDocument: {
    method: 'GET',
    path: '/api/patient/films/:filmId/documents/:sopInstanceUid',
    audience: 'patient',
    summary: '结构化报告或关键图像（JSON），或 PDF 原文',
    params: filmAndObject,
  },
  patientOverlay: {
    method: 'GET',
    path: '/api/patient/films/:filmId/overlays/:sopInstanceUid/:group',
    audience: 'patient',
    summary: '一个叠加层平面的比特',
    params: v.strictObject({ filmId: id, sopInstanceUid: uid, group }),
    query: overlayQuery,
  },
} as const satisfies Record<string, RouteContract>;
