import * as path from 'node:path';
import { problem, ProblemError } from '@yingyun/shared/domain/problem';
import type { DurableFile, DurableFiles } from '../ports/durable-files';
import { encodeLogLine } from './log-line';
import { RecentRecords } from './recent-records';
import { logDamaged, scanSegment } from './scan-segment';
import { Segment } from './segment';

export interface DurableLogOptions {
  readonly files: DurableFiles;
  readonly folder: string;
  /** First part of the segments' names. */
  readonly prefix: string;
  /** A new segment begins when the newest has this many bytes; default 64 MB. */
  readonly segmentLength?: number;
}

export interface LogRecord {
  readonly sequence: number;
  readonly json: string;
}

interface Waiting {
  readonly json: string;
  readonly resolve: (sequence: number) => void;
  readonly reject: (error: unknown) => void;
}

const defaultSegmentLength = 64 * 1024 * 1024;
const maxBatchRecords = 1024;

/**
 * An append-only log of JSON records in segments. `append` resolves when its record is durable; records that come while a sync is
 * under way share the next one. `read` shows durable records only. The journal and the key journal both stand on it.
 *
 * A write that fails (no space) is cut off again and the log goes on. A sync that fails leaves it unknown what the disk holds, and
 * a second sync would not tell: the log refuses every append from then on, until it is opened anew.
 */
export class DurableLog {
  private waiting: Waiting[] = [];
  private readonly recent = new RecentRecords();
  private isFlushing = false;
  private flushed = Promise.resolve();
  private broken: ProblemError | undefined;

  private constructor(
    private readonly options: Required<DurableLogOptions>,
    private readonly segments: Segment[],
    private file: DurableFile,
    /** Bytes of a torn tail that were cut at open. */
    readonly cutBytes: number,
  ) {}

  /** Opens or begins the log; cuts a torn tail. Throws ProblemError `storage-unavailable` where records are damaged or missing. */
  static async open(options: DurableLogOptions): Promise<DurableLog> {
    const { files, folder, prefix, segmentLength = defaultSegmentLength } = options;
    await files.makeFolder(folder);
    const firsts = (await files.list(folder)).flatMap((name) => Segment.firstSequenceOf(prefix, name) ?? []);
    if (firsts.length === 0) firsts.push(1);
    const segments = firsts.map((first) => new Segment(path.join(folder, Segment.nameOf(prefix, first)), first));
    for (const [i, segment] of segments.entries()) {
      const next = segments[i + 1];
      if (next === undefined) continue;
      segment.length = (await files.size(segment.file)) ?? 0;
      segment.nextSequence = next.firstSequence;
    }
    const newest = newestOf(segments);
    const file = await files.append(newest.file);
    const bytes = await files.read(newest.file);
    const scan = scanSegment(path.basename(newest.file), bytes, newest.firstSequence, (line) =>
      newest.mark(line.sequence, line.offset),
    );
    if (scan.validLength < bytes.length) await files.truncate(newest.file, scan.validLength);
    // A process that ended before its sync left whole lines that only the page cache holds: made durable before anyone reads them.
    await file.sync();
    await files.syncFolder(folder);
    newest.length = scan.validLength;
    newest.nextSequence = scan.nextSequence;
    return new DurableLog({ files, folder, prefix, segmentLength }, segments, file, bytes.length - scan.validLength);
  }

  get lastSequence(): number {
    return newestOf(this.segments).nextSequence - 1;
  }

  /** Durable when it resolves, with the record's sequence. Throws ProblemError `out-of-space` or `storage-unavailable`. */
  append(json: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ json, resolve, reject });
      if (this.isFlushing) return;
      this.isFlushing = true;
      this.flushed = this.flush();
    });
  }

  /** Durable records after `after`, in order; ends at the newest. Records appended meanwhile are included. */
  async *read(after: number): AsyncGenerator<LogRecord> {
    let next = after + 1;
    for (;;) {
      if (next > this.lastSequence) return;
      const recent = this.recent.get(next);
      if (recent !== undefined) {
        next++;
        yield recent;
        continue;
      }
      const segment = this.segmentOf(next);
      const before = next;
      for await (const line of segment.read(this.options.files, next)) {
        next = line.sequence + 1;
        yield { sequence: line.sequence, json: line.json };
      }
      const isCutShort = segment !== newestOf(this.segments) && next < segment.nextSequence;
      if (isCutShort || next === before) throw logDamaged(path.basename(segment.file), segment.length, next);
    }
  }

  /** Waits for the appends under way; later ones are refused. */
  async close(): Promise<void> {
    await this.flushed;
    this.broken ??= new ProblemError(problem('storage-unavailable', `${this.options.prefix} log is closed`));
    await this.file.close();
  }

  private segmentOf(sequence: number): Segment {
    const oldest = newestOf(this.segments.slice(0, 1));
    const segment = newestOf([oldest, ...this.segments.filter((candidate) => candidate.firstSequence <= sequence)]);
    if (segment.firstSequence > sequence) throw logDamaged(path.basename(segment.file), 0, sequence);
    return segment;
  }

  private async flush(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0, maxBatchRecords);
      try {
        if (this.broken !== undefined) throw this.broken;
        const first = await this.writeBatch(batch);
        batch.forEach((record, i) => record.resolve(first + i));
      } catch (error) {
        for (const record of batch) record.reject(error);
      }
    }
    // In the same turn in which nothing was waiting: a record that comes in the next turn must start a flush of its own.
    this.isFlushing = false;
  }

  private async writeBatch(batch: readonly Waiting[]): Promise<number> {
    if (newestOf(this.segments).length >= this.options.segmentLength) await this.beginSegment();
    const segment = newestOf(this.segments);
    const first = segment.nextSequence;
    const lines = batch.map((record, i) => encodeLogLine({ batch: first, sequence: first + i, json: record.json }));
    const bytes = Buffer.from(lines.join(''), 'utf8');
    try {
      await this.file.write(bytes);
    } catch (error) {
      await this.cutBack(segment, error);
      throw error;
    }
    try {
      await this.file.sync();
    } catch (error) {
      this.broken = new ProblemError(problem('storage-unavailable', `${this.options.prefix} log could not be synced`), {
        cause: error,
      });
      await this.cutBack(segment, error);
      throw this.broken;
    }
    let offset = segment.length;
    lines.forEach((line, i) => {
      segment.mark(first + i, offset);
      offset += Buffer.byteLength(line, 'utf8');
    });
    segment.length = offset;
    segment.nextSequence = first + batch.length;
    batch.forEach(({ json }, i) => this.recent.add({ sequence: first + i, json }));
    return first;
  }

  /** What was not acknowledged must not come back at the next open. */
  private async cutBack(segment: Segment, cause: unknown): Promise<void> {
    try {
      await this.options.files.truncate(segment.file, segment.length);
    } catch {
      this.broken ??= new ProblemError(
        problem('storage-unavailable', `${this.options.prefix} log could not be cut back`),
        { cause },
      );
    }
  }

  private async beginSegment(): Promise<void> {
    const { files, folder, prefix } = this.options;
    const first = newestOf(this.segments).nextSequence;
    const segment = new Segment(path.join(folder, Segment.nameOf(prefix, first)), first);
    const file = await files.append(segment.file);
    await files.syncFolder(folder);
    await this.file.close();
    this.file = file;
    this.segments.push(segment);
  }
}

function newestOf(segments: readonly Segment[]): Segment {
  const newest = segments.at(-1);
  if (newest === undefined) throw new Error('a log has at least one segment');
  return newest;
}
