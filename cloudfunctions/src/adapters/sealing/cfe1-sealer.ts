import { ProblemError, problem } from '@yingyun/shared/domain/problem';
import type { RandomSource } from '../../ports/clock-and-random';
import type { Sealer } from '../../ports/sealing';
import { defaultLog2Chunk, parseHeader, saltLength } from './cfe1-format';
import { type ChunkCrypto, createChunkCrypto } from './chunk-crypto';
import { openRangeOf, openWhole } from './open-object';
import { createPieceDigests } from './piece-digest';
import { startSealing } from './seal-stream';

/** Who makes a sealer checks the platform first: they come from one place. */
export { assertPlatformCrypto } from './platform-crypto';

/**
 * The CFE1 sealer: SM4-CTR + HMAC-SM3 in chunks, bound to tenant, object key, class and generation (docs/object-layout.md, ADR 0004).
 * Opening throws ProblemError `sealed-object-invalid`; sealing throws `unexpected` where the random source repeats itself, because
 * two objects under one salt would share their key stream.
 */
export function createCfe1Sealer(options: { readonly random: RandomSource; readonly crypto?: ChunkCrypto }): Sealer {
  const crypto = options.crypto ?? createChunkCrypto();
  const startDigest = createPieceDigests(crypto);
  let previousSalt = '';

  function freshSalt(): Uint8Array {
    const salt = options.random.bytes(saltLength);
    const text = Buffer.from(salt).toString('latin1');
    if (text === previousSalt) throw new ProblemError(problem('unexpected', 'the random source repeats itself'));
    previousSalt = text;
    return salt;
  }

  return {
    startSealing: (key, context, log2Chunk = defaultLog2Chunk) =>
      startSealing(crypto, key, context, freshSalt(), log2Chunk),
    seal(key, context, plain, log2Chunk = defaultLog2Chunk) {
      const stream = startSealing(crypto, key, context, freshSalt(), log2Chunk);
      const head = stream.update(plain);
      const end = stream.finish();
      const digest = startDigest();
      digest.update(plain);
      const plainSm3 = digest.end();
      return { sealed: Buffer.concat([head, end.sealed]), receipt: { ...end.receipt, plainSm3 } };
    },
    startDigest,
    open: (...args) => openWhole(crypto, ...args),
    openRange: (...args) => openRangeOf(crypto, ...args),
    keyIdOf: (sealedHead) => parseHeader(sealedHead).keyId,
  };
}
