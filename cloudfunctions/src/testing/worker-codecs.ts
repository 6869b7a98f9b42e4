import { createChunkCrypto } from '../adapters/sealing/chunk-crypto';
import { createPieceDigests } from '../adapters/sealing/piece-digest';
import { type Codecs, createCodecs } from '../pipeline/transcode/codecs';

/** What a worker does pixels with. */
export function workerCodecs(): Codecs {
  return createCodecs(createPieceDigests(createChunkCrypto()));
}
