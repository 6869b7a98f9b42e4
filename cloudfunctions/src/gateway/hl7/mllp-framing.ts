/**
 * MLLP block framing (HL7 v2 transport specification, "Minimal Lower Layer Protocol"): 0x0B, content, 0x1C 0x0D. Works on bytes
 * alone: no character set has 0x0B or 0x1C as a trail byte, and only a complete block may be decoded (GBK trail bytes include the
 * delimiters). Inside a block 0x0B, and 0x1C without 0x0D behind it, are content: the parser then refuses the message. Starting
 * anew on an inner 0x0B would let a report's text smuggle in a second message.
 */
const startBlock = 0x0b;
const endBlock = 0x1c;
const carriageReturn = 0x0d;
const lineFeed = 0x0a;
/** Of a block that grew too large only its beginning is kept: enough to answer its sender. */
const keptHeadBytes = 4096;

export type MllpEvent =
  | { readonly event: 'message'; readonly bytes: Uint8Array }
  /** The block ended, but had more than `maxMessageBytes`; `head` is its beginning. */
  | { readonly event: 'oversized'; readonly head: Uint8Array }
  /** Bytes outside a block: this peer doesn't speak MLLP, or cut a message in two. Nothing after it is read. */
  | { readonly event: 'unframed' }
  /** A block that doesn't end: `maxDiscardedBytes` were dropped. Nothing after it is read. */
  | { readonly event: 'endless' };

export interface MllpLimits {
  readonly maxMessageBytes: number;
  readonly maxDiscardedBytes: number;
}

export class MllpReader {
  private state: 'outside' | 'inside' | 'discarding' | 'broken' = 'outside';
  private endPending = false;
  /** One growing buffer, not a list of chunks: a peer that sends byte by byte must not cost an object a byte. */
  private buffer = new Uint8Array(0);
  private size = 0;
  private discarded = 0;

  constructor(private readonly limits: MllpLimits) {}

  /** Bytes this reader holds on to. */
  get heldBytes(): number {
    return this.buffer.length;
  }

  /** True between a start block and its end block. */
  get isInBlock(): boolean {
    return this.state === 'inside' || this.state === 'discarding';
  }

  /** Takes what arrived, in any cut; yields what is complete, in order. Keeps no reference to the chunk. */
  *push(chunk: Uint8Array): Generator<MllpEvent> {
    let at = 0;
    while (at < chunk.length && this.state !== 'broken') {
      if (this.state === 'outside') {
        const byte = chunk[at++];
        if (byte === startBlock) this.begin();
        else if (byte !== carriageReturn && byte !== lineFeed) {
          this.state = 'broken';
          yield { event: 'unframed' };
        }
        continue;
      }
      if (this.endPending) {
        this.endPending = false;
        if (chunk[at] === carriageReturn) {
          at++;
          yield this.end();
          continue;
        }
        this.keep(Uint8Array.of(endBlock));
      }
      const found = chunk.indexOf(endBlock, at);
      const stop = found === -1 ? chunk.length : found;
      if (stop > at) this.keep(chunk.subarray(at, stop));
      at = stop;
      if (found !== -1) {
        this.endPending = true;
        at++;
      }
      if (this.discarded > this.limits.maxDiscardedBytes) {
        this.state = 'broken';
        this.forget();
        yield { event: 'endless' };
      }
    }
  }

  private begin(): void {
    this.state = 'inside';
    this.endPending = false;
    this.discarded = 0;
  }

  private keep(part: Uint8Array): void {
    if (this.state === 'discarding') {
      this.discarded += part.length;
      return;
    }
    if (this.size + part.length > this.limits.maxMessageBytes) {
      this.state = 'discarding';
      this.discarded = this.size + part.length;
      const kept = Math.min(keptHeadBytes, this.limits.maxMessageBytes);
      const head = Buffer.concat([this.buffer.subarray(0, Math.min(this.size, kept)), part.subarray(0, kept)]);
      this.size = Math.min(head.length, kept);
      this.buffer = Uint8Array.from(head.subarray(0, this.size));
      return;
    }
    if (this.size + part.length > this.buffer.length) {
      const wanted = Math.max(this.size + part.length, Math.min(this.buffer.length * 2, this.limits.maxMessageBytes));
      const grown = new Uint8Array(wanted);
      grown.set(this.buffer.subarray(0, this.size));
      this.buffer = grown;
    }
    this.buffer.set(part, this.size);
    this.size += part.length;
  }

  private end(): MllpEvent {
    const isOversized = this.state === 'discarding';
    const bytes = this.buffer.subarray(0, this.size);
    this.state = 'outside';
    this.forget();
    return isOversized ? { event: 'oversized', head: bytes } : { event: 'message', bytes };
  }

  private forget(): void {
    this.buffer = new Uint8Array(0);
    this.size = 0;
  }
}

/** Puts a message into its block. */
export function frameMllp(message: Uint8Array): Uint8Array {
  const block = new Uint8Array(message.length + 3);
  block[0] = startBlock;
  block.set(message, 1);
  block[message.length + 1] = endBlock;
  block[message.length + 2] = carriageReturn;
  return block;
}
