import type { AuditRecord } from '../ports/audit-trail';

/** Who asks. Hospital (tenant) and identity come from the credential alone, never from what the request says. */
export type Caller = AnonymousCaller | StaffCaller | ShareCaller | PatientCaller;

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

/** A person signed in, of no hospital: what they may see, their links say. */
export interface PatientCaller extends Request {
  readonly kind: 'person';
  readonly personId: string;
  readonly sessionId: string;
}

/** A person before a film that one of their links shows them. */
export interface PatientFilmCaller extends PatientCaller {
  readonly hospitalId: string;
  readonly filmId: string;
}

/** Who stands in the audit trail. */
export function actorOf(caller: StaffCaller | ShareCaller | PatientCaller): AuditRecord['actor'] {
  switch (caller.kind) {
    case 'staff':
      return { kind: 'staff', id: caller.staffId };
    case 'share':
      return { kind: 'share', id: caller.shareId };
    case 'person':
      return { kind: 'person', id: caller.personId };
    default:
      return caller satisfies never;
  }
}
