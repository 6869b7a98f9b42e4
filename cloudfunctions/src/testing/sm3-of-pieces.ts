import { createHash } from 'node:crypto';

/** `PieceDigest` written again (ports/sealing), on OpenSSL's SM3. */
export function sm3OfPieces(bytes: Uint8Array): string {
  const whole = createHash('sm3');
  for (let at = 0; at < bytes.length; at += 65_536) {
    whole.update(
      createHash('sm3')
        .update(bytes.subarray(at, at + 65_536))
        .digest(),
    );
  }
  return whole.digest('hex');
}
