import { Duplex } from 'node:stream';
import type { PgliteThread } from './pglite-thread';

// PostgreSQL protocol 3.0: AuthenticationOk, then ReadyForQuery (idle).
const welcome = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);
const terminateMessage = 0x58; // 'X'

/**
 * What node-postgres takes for a socket to a server, and is a line to the PGlite thread. So results, errors and types have the very
 * shapes they have with a real server. PGlite has one session: a pool over this stream must have `max: 1`.
 */
export class PgliteStream extends Duplex {
  private isStarted = false;

  constructor(private readonly thread: PgliteThread) {
    super();
  }

  connect(): this {
    this.thread.startSession().then(
      () => this.emit('connect'),
      (error) => this.destroy(error),
    );
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }

  override _read(): void {} // answers are pushed as they come

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.forward(chunk).then(() => done(), done);
  }

  // node-postgres corks parse, bind, describe, execute and sync: they arrive here together and cross to the thread once.
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.forward(Buffer.concat(chunks.map((one) => one.chunk))).then(() => done(), done);
  }

  private async forward(bytes: Buffer): Promise<void> {
    if (!this.isStarted) {
      this.isStarted = true; // the startup message; there is nobody to authenticate
      this.push(welcome);
    } else if (bytes[0] === terminateMessage) {
      this.push(null);
    } else {
      const answer = await this.thread.exchange(new Uint8Array(bytes));
      this.push(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength));
    }
  }
}
