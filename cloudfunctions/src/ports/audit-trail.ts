import type { Queryable } from './database';

export interface AuditRecord {
  readonly hospitalId: string;
  readonly actor: { readonly kind: 'staff' | 'share' | 'person' | 'system' | 'anonymous'; readonly id: string };
  readonly action: string;
  readonly object: { readonly kind: string; readonly id: string };
  readonly outcome: 'ok' | 'denied' | 'failed';
  readonly reason?: string;
  readonly requestId: string;
}

/** Append-only, hash-chained (HMAC-SM3). Ids and codes only. Written in the same use case as the act, denials too. */
export interface AuditTrail {
  record(database: Queryable, record: AuditRecord): Promise<void>;
  /** Sequence of the first record whose hash does not follow from its predecessor; undefined where the chain is whole. */
  firstBreak(database: Queryable): Promise<number | undefined>;
}
