import type { FrameAttributes } from '../contract/film-manifest';
import { ProblemError, problem } from '../domain/problem';
import { reducedSize } from './decoded-frame';

/** What we use of `@cornerstonejs/codec-openjph`'s module; its factory and its wasm come from the platform. */
export interface OpenJphModule {
  readonly HTJ2KDecoder: new () => OpenJphDecoder;
}

export interface OpenJphDecoder {
  getEncodedBuffer(length: number): Uint8Array;
  readHeader(): void;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; componentCount: number; isSigned: boolean };
  getNumDecompositions(): number;
  decodeSubResolution(reduce: number): void;
  getDecodedBuffer(): Uint8Array;
  delete(): void;
}

export interface CodestreamSamples {
  /** Component-interleaved, little endian; a copy, not the codec's heap. */
  readonly bytes: Uint8Array;
  readonly bytesPerSample: 1 | 2 | 4;
  readonly isSigned: boolean;
  readonly rows: number;
  readonly columns: number;
}

/**
 * Decodes the leading bytes of an HTJ2K frame at a reduce. `bytes` must end on that resolution's tile-part boundary:
 * a stream cut elsewhere gives wrong pixels without a word.
 *
 * A decoder is made and deleted for each image: a reused one that is fed a damaged header hands out the *previous* image
 * (another patient's, perhaps). Sizes are compared with the attributes before and after, and a mismatch is
 * `image-damaged`, never a picture.
 */
export function decodeHtj2k(
  module: OpenJphModule,
  bytes: Uint8Array,
  attributes: Pick<FrameAttributes, 'rows' | 'columns' | 'samplesPerPixel' | 'bitsAllocated'>,
  reduce: number,
): CodestreamSamples {
  const decoder = new module.HTJ2KDecoder();
  try {
    decoder.getEncodedBuffer(bytes.length).set(bytes);
    decoder.readHeader();
    const info = decoder.getFrameInfo();
    const isAsDeclared =
      info.width === attributes.columns &&
      info.height === attributes.rows &&
      info.componentCount === attributes.samplesPerPixel &&
      info.bitsPerSample >= 1 &&
      info.bitsPerSample <= attributes.bitsAllocated &&
      reduce >= 0 &&
      reduce <= decoder.getNumDecompositions();
    if (!isAsDeclared) throw new ProblemError(problem('image-damaged', 'code stream does not fit its attributes'));
    decoder.decodeSubResolution(reduce);
    const rows = reducedSize(attributes.rows, reduce);
    const columns = reducedSize(attributes.columns, reduce);
    const bytesPerSample = info.bitsPerSample <= 8 ? 1 : info.bitsPerSample <= 16 ? 2 : 4;
    const decoded = decoder.getDecodedBuffer();
    if (decoded.length !== rows * columns * info.componentCount * bytesPerSample) {
      throw new ProblemError(problem('image-damaged', `decoded ${decoded.length} bytes`));
    }
    return { bytes: decoded.slice(), bytesPerSample, isSigned: info.isSigned, rows, columns };
  } catch (cause) {
    if (cause instanceof ProblemError) throw cause;
    // The codec throws numbers and embind objects; none of them says more than "damaged".
    throw new ProblemError(problem('image-damaged', 'HTJ2K decoding failed'), { cause });
  } finally {
    decoder.delete();
  }
}
