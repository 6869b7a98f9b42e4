import { isProblem } from '@yingyun/shared/domain/problem';
import { commandField } from '../dimse/command-set';
import { type FileToSend, nameOfFile, readDataSet, readPart10, type SendableFile } from './read-part10';
import { AssociationFault, type PeerAddress, RequestedAssociation } from './requested-association';

export interface StoreOptions extends PeerAddress {
  /** At most this many associations at once; default 1. */
  readonly maxAssociations?: number;
  readonly onProgress?: (progress: SendCounts & { readonly total: number }) => void;
}

export interface SendCounts {
  readonly sent: number;
  readonly refused: number;
  readonly unreadable: number;
  readonly notSent: number;
}

/** What became of one file. `not-sent`: the peer could not be reached or went away; sending again makes sense. */
export type FileOutcome = { readonly file: string } & (
  | { readonly outcome: 'sent'; readonly sopInstanceUid: string }
  | { readonly outcome: 'refused'; readonly sopInstanceUid: string; readonly status: number; readonly comment: string }
  | { readonly outcome: 'unreadable'; readonly reason: string }
  | { readonly outcome: 'not-sent'; readonly reason: string }
);

export interface SendReport extends SendCounts {
  /** In the order given. */
  readonly files: readonly FileOutcome[];
}

/** PS3.8 9.3.2: context ids are the odd numbers to 255. */
const maxContexts = 128;

/** The status we report where the peer accepted no presentation context for a file (PS3.7 annex C: SOP class not supported). */
const noContext = 0x0122;

/**
 * Sends DICOM files by C-STORE (PS3.4 annex B), each in its own SOP class and transfer syntax, never converted. Always resolves;
 * the report says what became of every file.
 */
export async function storeFiles(options: StoreOptions, files: readonly FileToSend[]): Promise<SendReport> {
  const journey = new SendJourney(options, files);
  await journey.run();
  return journey.report();
}

interface Planned {
  readonly index: number;
  readonly file: SendableFile;
}

class SendJourney {
  private readonly outcomes: (FileOutcome | undefined)[];
  private readonly counts = { sent: 0, refused: 0, unreadable: 0, notSent: 0 };

  constructor(
    private readonly options: StoreOptions,
    private readonly files: readonly FileToSend[],
  ) {
    this.outcomes = files.map(() => undefined);
  }

  async run(): Promise<void> {
    const planned: Planned[] = [];
    for (const [index, source] of this.files.entries()) {
      const file = await this.plan(index, source);
      if (file !== undefined) planned.push({ index, file });
    }
    for (const batch of batchesByContext(planned)) await this.sendBatch(batch);
  }

  report(): SendReport {
    const files = this.outcomes.map((outcome, i): FileOutcome => {
      return outcome ?? { file: nameOfFile(this.files[i] ?? ''), outcome: 'not-sent', reason: 'never tried' };
    });
    return { ...this.counts, notSent: files.filter((file) => file.outcome === 'not-sent').length, files };
  }

  private async plan(index: number, source: FileToSend): Promise<SendableFile | undefined> {
    let reason: string;
    try {
      const file = await readPart10(source);
      if (!isProblem(file)) return file;
      reason = `${file.problem}: ${file.detail ?? ''}`;
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    this.settle(index, { file: nameOfFile(source), outcome: 'unreadable', reason });
    return undefined;
  }

  /** All files of a batch fit into one association's contexts; several associations share its queue. */
  private async sendBatch(batch: readonly Planned[]): Promise<void> {
    const queue = [...batch];
    const pairs = new Map(batch.map(({ file }) => [pairOf(file), file]));
    const ids = new Map([...pairs.keys()].map((pair, i) => [pair, 2 * i + 1]));
    const contexts = [...pairs.values()].map((file) => ({
      id: ids.get(pairOf(file)) ?? 1,
      abstractSyntax: file.sopClassUid,
      transferSyntaxes: [file.transferSyntaxUid],
    }));
    let reason = '';
    const work = async () => {
      while (queue.length > 0) {
        try {
          const association = await RequestedAssociation.open(this.options, contexts);
          await this.sendOver(association, queue, ids);
        } catch (error) {
          if (!(error instanceof AssociationFault)) throw error;
          // no (further) association to be had; the others, if there are any, go on with the queue
          reason = error.message;
          return;
        }
      }
    };
    const workers = Math.min(this.options.maxAssociations ?? 1, batch.length);
    await Promise.all(Array.from({ length: workers }, work));
    for (const { index, file } of queue) this.settle(index, { file: file.name, outcome: 'not-sent', reason });
  }

  private async sendOver(
    association: RequestedAssociation,
    queue: Planned[],
    ids: ReadonlyMap<string, number>,
  ): Promise<void> {
    let next = queue.shift();
    let reading = next && prefetch(next.file, association.pieceLength);
    while (next !== undefined && reading !== undefined) {
      const { index, file } = next;
      const current = reading;
      next = queue.shift();
      reading = next && prefetch(next.file, association.pieceLength); // read while the peer thinks
      this.settle(index, await this.sendOne(association, ids.get(pairOf(file)) ?? 0, file, current));
      if (!association.isUsable) {
        if (next !== undefined) queue.unshift(next);
        await reading?.cancel();
        return;
      }
    }
    await association.release();
  }

  private async sendOne(
    association: RequestedAssociation,
    contextId: number,
    file: SendableFile,
    reading: Prefetched,
  ): Promise<FileOutcome> {
    const { name, sopInstanceUid } = file;
    if (association.acceptedSyntax(contextId) === undefined) {
      await reading.cancel();
      const comment = `no presentation context for ${file.sopClassUid} in ${file.transferSyntaxUid}`;
      return { file: name, outcome: 'refused', sopInstanceUid, status: noContext, comment };
    }
    try {
      const answer = await association.request(
        contextId,
        {
          commandField: commandField.cStoreRequest,
          affectedSopClassUid: file.sopClassUid,
          affectedSopInstanceUid: sopInstanceUid,
          priority: 0,
        },
        { pieces: reading.pieces, length: file.dataSetLength },
      );
      // 0xBxxx: stored, with a warning (PS3.4 table B.2-1)
      if (answer.status === 0 || answer.status >>> 12 === 0xb) return { file: name, outcome: 'sent', sopInstanceUid };
      return {
        file: name,
        outcome: 'refused',
        sopInstanceUid,
        status: answer.status,
        comment: answer.errorComment ?? '',
      };
    } catch (error) {
      // half a data set may be on its way: this association is of no use any more, whoever failed
      association.abort();
      await reading.cancel();
      const reason = error instanceof Error ? error.message : String(error);
      return { file: name, outcome: error instanceof AssociationFault ? 'not-sent' : 'unreadable', reason };
    }
  }

  private settle(index: number, outcome: FileOutcome): void {
    this.outcomes[index] = outcome;
    if (outcome.outcome === 'not-sent') this.counts.notSent++;
    else this.counts[outcome.outcome]++;
    this.options.onProgress?.({ ...this.counts, total: this.files.length });
  }
}

function pairOf(file: SendableFile): string {
  return `${file.sopClassUid}|${file.transferSyntaxUid}`;
}

interface Prefetched {
  readonly pieces: AsyncIterable<Uint8Array>;
  /** Closes the file where the pieces were not read to their end. */
  cancel(): Promise<void>;
}

/** Starts reading at once; the first piece waits here. */
function prefetch(file: SendableFile, pieceLength: number): Prefetched {
  const reading = readDataSet(file, pieceLength);
  const first = reading.next();
  first.catch(() => {}); // reported where the pieces are used
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let step = await first; !step.done; step = await reading.next()) yield step.value;
  }
  return {
    pieces: pieces(),
    cancel: async () => {
      await reading.return(undefined);
    },
  };
}

function batchesByContext(planned: readonly Planned[]): Planned[][] {
  const batchOfPair = new Map<string, number>();
  const batches: Planned[][] = [];
  for (const one of planned) {
    const pair = pairOf(one.file);
    const at = batchOfPair.get(pair) ?? Math.floor(batchOfPair.size / maxContexts);
    batchOfPair.set(pair, at);
    const batch = batches[at] ?? [];
    batches[at] = batch;
    batch.push(one);
  }
  return batches;
}
