/** Who asks. Hospital (tenant) and identity come from the credential alone, never from what the request says. */
export type Caller = AnonymousCaller | StaffCaller | ShareCaller;

interface Request {
  readonly requestId: string;
  /** Of the peer socket; only used for limits. */
  readonly address: string;
}

export interface AnonymousCaller extends Request {
  readonly kind: 'anonymous';
}

export interface StaffCaller extends Request {
  readonly kind: 'staff';
  readonly hospitalId: string;
  readonly staffId: string;
  readonly role: string;
  readonly sessionId: string;
}

export interface ShareCaller extends Request {
  readonly kind: 'share';
  readonly hospitalId: string;
  readonly shareId: string;
  readonly sessionId: string;
  readonly sessionExpiresAt: Date;
  readonly shareExpiresAt: Date;
  readonly filmId: string;
}
