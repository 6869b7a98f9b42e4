import type { Ports } from '../ports/ports';
import type { StudyLayouts } from './study-layout';
import type { Turns } from './turns';

/** What the API's use cases need beyond `Ports`. startHttp builds it; tests may replace any part. */
export interface ApiPorts extends Ports {
  readonly tokens: AccessTokens;
  readonly secrets: SecretVerifier;
  readonly attempts: AttemptLimits;
  readonly layouts: StudyLayouts;
  /** Documents and overlay planes are held whole in memory while they are read. */
  readonly wholeReads: Turns;
  /** Scheme, host and port that stand in share links, without a trailing slash. */
  readonly publicUrl: string;
}

/** Hospital id under which keys and audit records stand that belong to no hospital (yet): link tokens, refused sign-ins. */
export const platformTenant = 'platform';

export type TokenAudience = 'share' | 'staff' | 'patient';

export interface AccessClaims {
  /** staff.id, share.id or person.id. */
  readonly subject: string;
  readonly sessionId: string;
  /** `platformTenant` for a person. */
  readonly hospitalId: string;
}

/** First-party access tokens: one key, one audience and one fixed algorithm a kind of caller (ADR 0012). */
export interface AccessTokens {
  issue(
    audience: TokenAudience,
    claims: AccessClaims,
    expiresAt: Date,
  ): Promise<{ readonly accessToken: string; readonly expiresAt: Date }>;
  /** Undefined for anything but a token of this audience that is valid now. */
  verify(audience: TokenAudience, token: string): Promise<AccessClaims | undefined>;
}

export type SecretKind = 'staff-password' | 'share-passcode' | 'text-message-code';

/** Slow, keyed verifiers of passwords and passcodes. */
export interface SecretVerifier {
  /** Text to store with the row `rowId`; useless in any other row and without the key provider. */
  make(kind: SecretKind, rowId: string, secret: string): Promise<string>;
  /** With `undefined` for the verifier it does the same work and answers false: an unknown account costs what a known one costs. */
  matches(kind: SecretKind, rowId: string, verifier: string | undefined, secret: string): Promise<boolean>;
}

/** The first three count failures, the others every attempt, before it is made (`take`). */
export type AttemptKind = 'staff-sign-in' | 'share-open' | 'patient-renew' | 'code-send' | 'code-try' | 'link-start';

/**
 * Limits that live in this process. Counters of known accounts and shares stand in the database and survive a restart;
 * these add the limit per address, and make an unknown account or link behave like a known one.
 */
export interface AttemptLimits {
  /** Counts one attempt, before its work; false where none was left. */
  take(kind: AttemptKind, address: string): boolean;
  /** After a success that shall cost nothing: a hospital often shares one address. */
  giveBack(kind: AttemptKind, address: string): void;
  /** Counters of an account or link that does not exist. */
  shadow(kind: AttemptKind, key: string): FailureRecord;
  setShadow(kind: AttemptKind, key: string, record: FailureRecord): void;
}

export interface FailureRecord {
  readonly failures: number;
  readonly firstFailureAt: Date | null;
  readonly lockedUntil: Date | null;
}
