import { createInflateRaw, type InflateRaw } from 'node:zlib';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import type { DataSetScanner } from './data-set-scanner';
import type { ReceiveLimits } from './receive-limits';

/** Ratios mean nothing while little has come out: an empty mask deflates 1000 : 1. */
const ratioCountsFrom = 32 * 1_048_576;

/**
 * Scans a deflated data set (PS3.5 A.5) while it arrives: inflates piece by piece, shows each piece to the scanner and forgets it.
 * Output is capped in total and in ratio, so a bomb is found out at the cost of the cap, not of its size.
 */
export class InflatingScanner {
  private readonly inflate: InflateRaw = createInflateRaw({ chunkSize: 65_536 });
  private bytesIn = 0;
  private bytesOut = 0;
  private found: Problem | undefined;
  private isEnded = false;
  private wake: (() => void) | undefined;

  constructor(
    private readonly scanner: DataSetScanner,
    private readonly limits: Pick<ReceiveLimits, 'maxInflatedBytes' | 'maxInflateRatio'>,
  ) {
    this.inflate.on('data', (piece: Uint8Array) => this.takeInflated(piece));
    this.inflate.on('end', () => this.endWith(undefined));
    this.inflate.on('error', (error: NodeJS.ErrnoException) => {
      // bytes after the final deflate block (padding to even length) make zlib push twice; they mean nothing
      if (error.code !== 'ERR_STREAM_PUSH_AFTER_EOF')
        this.endWith(problem('dicom-malformed', 'deflate stream is broken'));
      else this.endWith(undefined);
    });
    this.inflate.on('close', () => this.endWith(undefined));
  }

  get attributes() {
    return this.scanner.attributes;
  }

  /** Resolves when these bytes were inflated and scanned. */
  async feed(bytes: Uint8Array): Promise<Problem | undefined> {
    if (this.isEnded || this.found !== undefined) return this.found;
    this.bytesIn += bytes.length;
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      this.inflate.write(bytes, () => resolve());
    });
    return this.found;
  }

  async finish(): Promise<Problem | undefined> {
    if (!this.isEnded && this.found === undefined) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        this.inflate.end();
      });
    }
    this.found ??= this.scanner.finish();
    this.close();
    return this.found;
  }

  /** Frees the inflater; needed where `finish` is never reached. */
  close(): void {
    this.inflate.destroy();
  }

  private takeInflated(piece: Uint8Array): void {
    this.bytesOut += piece.length;
    if (this.bytesOut > this.limits.maxInflatedBytes) {
      this.endWith(problem('dicom-limit-exceeded', `inflates to more than ${this.limits.maxInflatedBytes} bytes`));
    } else if (this.bytesOut > ratioCountsFrom && this.bytesOut > this.bytesIn * this.limits.maxInflateRatio) {
      this.endWith(problem('dicom-limit-exceeded', `inflates more than ${this.limits.maxInflateRatio} : 1`));
    } else {
      const found = this.scanner.feed(piece);
      if (found !== undefined) this.endWith(found);
    }
  }

  private endWith(found: Problem | undefined): void {
    this.isEnded = true;
    this.found ??= found;
    if (found !== undefined) this.inflate.destroy();
    this.wake?.();
  }
}
