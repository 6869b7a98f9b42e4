/**
 * The wire form of a batch of frame bytes, `application/vnd.yingyun.frames` (design, "Viewing protocol").
 *
 * A batch is records, then a trailer. All integers big-endian.
 *   record  u32 frame · u32 from · u32 length · bytes           `from` = offset of these bytes within the frame
 *           (format `deflate`: within its pyramid, and the bytes are compressed one record at a time)
 *   trailer u32 0xFFFFFFFF · u32 cursorLength · cursor (ASCII)  empty cursor: nothing is left
 * A record is complete only when all its bytes are there; a stream that ends without a trailer was cut and must be asked
 * for again from the last complete record on.
 */
export const frameBatchMediaType = 'application/vnd.yingyun.frames';
const trailerMark = 0xffffffff;
const recordHead = 12;

export interface FrameRecord {
  readonly frame: number;
  readonly from: number;
  readonly bytes: Uint8Array;
}

export function encodeFrameRecordHead(frame: number, from: number, length: number): Uint8Array {
  const head = new Uint8Array(recordHead);
  const view = new DataView(head.buffer);
  view.setUint32(0, frame);
  view.setUint32(4, from);
  view.setUint32(8, length);
  return head;
}

export function encodeFrameTrailer(cursor: string): Uint8Array {
  const out = new Uint8Array(8 + cursor.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, trailerMark);
  view.setUint32(4, cursor.length);
  for (let i = 0; i < cursor.length; i++) out[8 + i] = cursor.charCodeAt(i);
  return out;
}

/** Incremental reader: push what arrived, get the records that are complete. */
export class FrameBatchReader {
  private chunks: Uint8Array[] = [];
  private held = 0;
  /** Bytes without which nothing more can be read: joining chunks before that would copy a large record once a chunk. */
  private needed = 8;
  private ended: { cursor: string } | undefined;

  /** The cursor of the trailer, once it has been read; undefined while the batch is unfinished. */
  get trailer(): { readonly cursor: string } | undefined {
    return this.ended;
  }

  push(chunk: Uint8Array): FrameRecord[] {
    this.chunks.push(chunk);
    this.held += chunk.length;
    if (this.held < this.needed) return [];
    const bytes = this.chunks.length === 1 ? chunk : concatBytes(this.chunks, this.held);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const records: FrameRecord[] = [];
    let at = 0;
    this.needed = 8;
    while (this.ended === undefined && bytes.length - at >= 8) {
      const frame = view.getUint32(at);
      if (frame === trailerMark) {
        const length = view.getUint32(at + 4);
        this.needed = 8 + length;
        if (bytes.length - at < this.needed) break;
        this.ended = { cursor: String.fromCharCode(...bytes.subarray(at + 8, at + 8 + length)) };
        at += 8 + length;
        break;
      }
      this.needed = recordHead;
      if (bytes.length - at < this.needed) break;
      const length = view.getUint32(at + 8);
      this.needed = recordHead + length;
      if (bytes.length - at < this.needed) break;
      const from = at + recordHead;
      records.push({ frame, from: view.getUint32(at + 4), bytes: bytes.slice(from, from + length) });
      at = from + length;
      this.needed = 8;
    }
    this.chunks = [bytes.slice(at)];
    this.held = bytes.length - at;
    return records;
  }
}

function concatBytes(parts: readonly Uint8Array[], length: number): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
