import * as path from 'node:path';
import type { DurableFiles } from '../ports/durable-files';
import { logDamaged, readLines, type ScannedLine } from './scan-segment';

/** Bytes between two remembered line positions, so that a reader who comes back need not begin at the segment's first line. */
const markSpacing = 32 * 1024;
const readLength = 256 * 1024;

/** One file of a log; its name holds the sequence of its first record. */
export class Segment {
  /** Bytes that are durable. Nothing behind them may be read. */
  length = 0;
  nextSequence: number;
  private readonly marks: { readonly sequence: number; readonly offset: number }[] = [];

  constructor(
    readonly file: string,
    readonly firstSequence: number,
  ) {
    this.nextSequence = firstSequence;
  }

  static nameOf(prefix: string, firstSequence: number): string {
    return `${prefix}-${String(firstSequence).padStart(15, '0')}.log`;
  }

  static firstSequenceOf(prefix: string, name: string): number | undefined {
    const match = /^-(\d{15})\.log$/.exec(name.slice(prefix.length));
    return name.startsWith(prefix) && match !== null ? Number(match[1]) : undefined;
  }

  mark(sequence: number, offset: number): void {
    const last = this.marks.at(-1);
    if (last === undefined || offset >= last.offset + markSpacing) this.marks.push({ sequence, offset });
  }

  private markBefore(sequence: number): { readonly sequence: number; readonly offset: number } | undefined {
    for (let i = this.marks.length - 1; i >= 0; i--) {
      const mark = this.marks[i];
      if (mark !== undefined && mark.sequence <= sequence) return mark;
    }
    return undefined;
  }

  /** Lines from `sequence` up to what is durable when they are reached. Throws `storage-unavailable` at a damaged line. */
  async *read(files: DurableFiles, sequence: number): AsyncGenerator<ScannedLine> {
    const mark = this.markBefore(sequence);
    let expected = mark?.sequence ?? this.firstSequence;
    let offset = mark?.offset ?? 0;
    let wanted = readLength;
    while (offset < this.length) {
      const bytes = await files.readRange(this.file, offset, Math.min(wanted, this.length - offset));
      const { lines, taken } = readLines(path.basename(this.file), bytes, offset, expected);
      if (taken === 0) {
        // a line longer than the window, or a file that ends early
        if (bytes.length < wanted) throw logDamaged(path.basename(this.file), offset, expected);
        wanted *= 2;
        continue;
      }
      for (const line of lines) {
        this.mark(line.sequence, line.offset);
        if (line.sequence >= sequence) yield line;
      }
      expected += lines.length;
      offset += taken;
      wanted = readLength;
    }
  }
}
