import { Secret, TOTP } from 'otpauth';

const periodSeconds = 30;
/** One step early or late: phones and servers are rarely more than 30 s apart. */
const window = 1;

/** RFC 6238 with the parameters every authenticator app knows: SHA-1, 6 digits, 30 s. */
function totpOf(secretBase32: string): TOTP {
  return new TOTP({ secret: Secret.fromBase32(secretBase32), algorithm: 'SHA1', digits: 6, period: periodSeconds });
}

/** The time step the code belongs to; undefined where it fits none near `now`. */
export function stepOfCode(secretBase32: string, code: string, now: Date): number | undefined {
  const delta = totpOf(secretBase32).validate({ token: code, timestamp: now.getTime(), window });
  return delta === null ? undefined : Math.floor(now.getTime() / 1000 / periodSeconds) + delta;
}

/** 160 bits (RFC 4226 recommends this length), base32 without padding. */
export function oneTimeCodeSecret(bytes: Uint8Array): string {
  const copy = new Uint8Array(bytes);
  return new Secret({ buffer: copy.buffer }).base32;
}

/** The `otpauth://` link an authenticator app scans. */
export function oneTimeCodeUri(secretBase32: string, account: string, issuer: string): string {
  return new TOTP({ issuer, label: account, secret: Secret.fromBase32(secretBase32) }).toString();
}

/** The code an authenticator app shows at `now`; the demo prints it beside the password. */
export function oneTimeCodeNow(secretBase32: string, now: Date): string {
  return totpOf(secretBase32).generate({ timestamp: now.getTime() });
}
