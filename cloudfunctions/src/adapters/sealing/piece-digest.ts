import { createHash } from 'node:crypto';
import type { PieceDigest } from '../../ports/sealing';
import type { ChunkCrypto } from './chunk-crypto';

const pieceLength = 65_536;
/** As many pieces as the fast implementation hashes at once. */
const batchLength = 4 * pieceLength;
const maxKept = 8;

/** Starts digests; keeps a few buffers for the next ones, wiped. */
export function createPieceDigests(crypto: ChunkCrypto): () => PieceDigest {
  const kept: Buffer[] = [];

  return () => {
    const buffer = kept.pop() ?? Buffer.alloc(batchLength);
    const ofPieces = createHash('sm3');
    let filled = 0;

    function take(bytes: Uint8Array): void {
      const count = Math.ceil(bytes.length / pieceLength);
      const pieces = Array.from({ length: count }, (_, i) => bytes.subarray(i * pieceLength, (i + 1) * pieceLength));
      ofPieces.update(crypto.digests(pieces));
    }

    function flush(): void {
      take(buffer.subarray(0, filled));
      filled = 0;
    }

    return {
      update(bytes) {
        for (let at = 0; at < bytes.length; ) {
          // whole batches straight from the caller's bytes
          const direct = filled > 0 ? 0 : bytes.length - at - ((bytes.length - at) % batchLength);
          if (direct > 0) {
            take(bytes.subarray(at, at + direct));
            at += direct;
            continue;
          }
          const taken = Math.min(bytes.length - at, batchLength - filled);
          buffer.set(bytes.subarray(at, at + taken), filled);
          filled += taken;
          at += taken;
          if (filled === batchLength) flush();
        }
      },
      end() {
        if (filled > 0) flush();
        buffer.fill(0);
        if (kept.length < maxKept) kept.push(buffer);
        return ofPieces.digest('hex');
      },
    };
  };
}
