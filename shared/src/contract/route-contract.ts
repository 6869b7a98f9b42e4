import * as v from 'valibot';

/** Who may call a route. A token of one audience is worth nothing on a route of another. */
export type Audience = 'public' | 'share' | 'staff' | 'patient';

export interface RouteContract {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly audience: Audience;
  readonly summary: string;
  readonly params?: v.GenericSchema;
  readonly query?: v.GenericSchema;
  readonly body?: v.GenericSchema;
}

export const id = v.pipe(v.string(), v.regex(/^[0-9a-f-]{8,64}$/i));
export const uid = v.pipe(v.string(), v.regex(/^[0-9.]{1,64}$/));
export const wholeNumber = (min: number, max: number) =>
  v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number))]),
    v.integer(),
    v.minValue(min),
    v.maxValue(max),
  );

export const shareToken = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/));
/** 8 characters of Crockford base32, given in any case and with optional blanks or hyphens. */
export const passcode = v.pipe(
  v.string(),
  v.maxLength(24),
  v.transform((text) => text.toUpperCase().replace(/[\s-]/g, '')),
  v.regex(/^[0-9A-HJKMNP-TV-Z]{8}$/),
);

/** What both frames routes are asked: one series, one resolution, centre-out from the slice on screen. */
export const framesQuery = v.strictObject({
  series: uid,
  /** `FilmManifest.revision`; absent: the client takes the risk of a changed order. */
  revision: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/))),
  reduce: wholeNumber(0, 6),
  from: v.optional(wholeNumber(0, 1_000_000), 0),
  /** Only this many frames, centre-out from `from`; 0 = all. */
  count: v.optional(wholeNumber(0, 1_000_000), 0),
  /**
   * `htj2k`: bytes as they are stored. `deflate`: plain samples, decoded by the server, for clients without the codec: records, `have` and
   * `cursor` count in the frame's pyramid (imaging/frame-pyramid.ts), and each record's bytes are zlib-compressed (RFC 1950).
   */
  format: v.optional(v.picklist(['htj2k', 'deflate']), 'htj2k'),
  /** The client already holds the bytes up to this reduce; absent: it holds nothing. */
  have: v.optional(wholeNumber(0, 6)),
  cursor: v.optional(v.pipe(v.string(), v.regex(/^[0-9]{1,9}$/))),
  /** Answer size cap in bytes the client asks for (the server caps it again). */
  limit: v.optional(wholeNumber(65_536, 4_194_304), 1_048_576),
});
