import type { TransferSyntax } from '@yingyun/shared/dicom/transfer-syntax';
import { type DicomUid, parseDicomUid } from '@yingyun/shared/domain/dicom-uid';
import { isProblem, type Problem, ProblemError, problem } from '@yingyun/shared/domain/problem';
import type { InstanceAcknowledged } from '../../ports/journal';
import type { Ports } from '../../ports/ports';
import type { PieceDigest } from '../../ports/sealing';
import type { SpoolWriter } from '../../ports/spool';
import { DataSetScanner, type ScannedAttributes, tagText } from './data-set-scanner';
import { encodeFileMeta } from './file-meta';
import { InflatingScanner } from './inflating-scanner';
import type { ReceiveLimits } from './receive-limits';
import { answerOfProblem, type StoreAnswer, storeStatus } from './store-status';

/** Where a message's data set goes, fragment by fragment. Methods never throw: a failure becomes the answer. */
export interface DataSetSink {
  write(bytes: Uint8Array): Promise<void>;
  /** After the last fragment. */
  finish(): Promise<StoreAnswer>;
  /** The rest never came, or nobody wants it any more. Safe after `finish`. */
  abort(): Promise<void>;
}

/** What a C-STORE-RQ announced, already checked against its presentation context. */
export interface AnnouncedInstance {
  readonly tenantId: string;
  readonly callingAeTitle: string;
  readonly sopClassUid: DicomUid;
  readonly sopInstanceUid: DicomUid;
  readonly transferSyntax: TransferSyntax;
}

/** Swallows a data set that was refused before its first byte, so that the association can carry on (PS3.7 9.1.1). */
export function refusingSink(answer: StoreAnswer): DataSetSink {
  return { write: async () => {}, finish: async () => answer, abort: async () => {} };
}

/**
 * Receives one instance: spools a Part 10 file (meta by us, data set as received), digests and scans on the way. Success is answered
 * only after `SpoolWriter.commit`. Whatever fails, the spool file is gone and the remaining fragments are swallowed.
 */
export function receiveInstance(
  ports: Pick<Ports, 'spool' | 'sealer' | 'log' | 'clock'>,
  announced: AnnouncedInstance,
  limits: ReceiveLimits,
): DataSetSink {
  return new InstanceReception(ports, announced, limits);
}

class InstanceReception implements DataSetSink {
  private digest: PieceDigest | undefined;
  private readonly scan: DataSetScanner | InflatingScanner;
  private writer: SpoolWriter | undefined;
  private failed: Problem | undefined;
  private bytes = 0;

  constructor(
    private readonly ports: Pick<Ports, 'spool' | 'sealer' | 'log' | 'clock'>,
    private readonly announced: AnnouncedInstance,
    private readonly limits: ReceiveLimits,
  ) {
    this.digest = ports.sealer.startDigest();
    const scanner = new DataSetScanner(announced.transferSyntax, limits);
    this.scan = announced.transferSyntax.isDeflated ? new InflatingScanner(scanner, limits) : scanner;
  }

  async write(bytes: Uint8Array): Promise<void> {
    if (this.failed !== undefined || bytes.length === 0) return;
    try {
      this.writer ??= await this.openWriter();
      this.bytes += bytes.length;
      if (this.bytes > this.limits.maxObjectBytes) {
        throw new ProblemError(
          problem('dicom-limit-exceeded', `object of more than ${this.limits.maxObjectBytes} bytes`),
        );
      }
      this.digest?.update(bytes);
      const found = this.scan instanceof InflatingScanner ? await this.scan.feed(bytes) : this.scan.feed(bytes);
      if (found !== undefined) throw new ProblemError(found);
      await this.writer.write(bytes);
    } catch (error) {
      await this.fail(error);
    }
  }

  async finish(): Promise<StoreAnswer> {
    try {
      if (this.failed === undefined) {
        if (this.writer === undefined) throw new ProblemError(problem('dicom-malformed', 'empty data set'));
        const found = await this.scan.finish();
        if (found !== undefined) throw new ProblemError(found);
        const identified = identify(this.scan.attributes, this.announced);
        if (isProblem(identified)) throw new ProblemError(identified);
        const receivedSm3 = this.endDigest();
        // two empty digests would make duplicates of any two images
        if (receivedSm3 === undefined) throw new Error('a data set without a digest');
        await this.writer.commit<InstanceAcknowledged>({
          kind: 'instance-acknowledged',
          tenantId: this.announced.tenantId,
          callingAeTitle: this.announced.callingAeTitle,
          ...identified,
          transferSyntaxUid: this.announced.transferSyntax.uid as DicomUid, // from our own table
          receivedSm3,
          receivedAt: this.ports.clock.now().toISOString(),
        });
        this.writer = undefined; // it is the journal's now: no abort may touch it
        return { status: storeStatus.success };
      }
    } catch (error) {
      await this.fail(error);
    }
    return answerOfProblem(this.failed ?? problem('unexpected'));
  }

  async abort(): Promise<void> {
    this.endDigest();
    if (this.scan instanceof InflatingScanner) this.scan.close();
    const writer = this.writer;
    this.writer = undefined;
    try {
      await writer?.abort();
    } catch (error) {
      // the spool cleans up at its next start; the peer's answer doesn't depend on it
      this.ports.log.error('dicom-spool-abort-failed', { sopInstanceUid: this.announced.sopInstanceUid }, error);
    }
  }

  private endDigest(): string | undefined {
    const digest = this.digest;
    this.digest = undefined;
    return digest?.end();
  }

  private async openWriter(): Promise<SpoolWriter> {
    const writer = await this.ports.spool.open(this.announced.tenantId);
    this.writer = writer;
    await writer.write(
      encodeFileMeta({
        sopClassUid: this.announced.sopClassUid,
        sopInstanceUid: this.announced.sopInstanceUid,
        transferSyntaxUid: this.announced.transferSyntax.uid,
        sourceAeTitle: this.announced.callingAeTitle,
      }),
    );
    return writer;
  }

  private async fail(error: unknown): Promise<void> {
    if (error instanceof ProblemError) {
      this.failed = error.problem;
    } else {
      this.failed = problem('unexpected');
      this.ports.log.error('dicom-store-failed', { sopInstanceUid: this.announced.sopInstanceUid }, error);
    }
    await this.abort();
  }
}

type Identified = Pick<
  InstanceAcknowledged,
  'sopClassUid' | 'sopInstanceUid' | 'studyInstanceUid' | 'seriesInstanceUid'
>;

/** The four UIDs as the data set states them, valid and equal to what the command announced (PS3.4 B.2.3: 0xA900 otherwise). */
function identify(found: ScannedAttributes, announced: AnnouncedInstance): Identified | Problem {
  const sopClassUid = identifier(found.sopClassUid, 0x00080016);
  const sopInstanceUid = identifier(found.sopInstanceUid, 0x00080018);
  const studyInstanceUid = identifier(found.studyInstanceUid, 0x0020000d);
  const seriesInstanceUid = identifier(found.seriesInstanceUid, 0x0020000e);
  if (isProblem(sopClassUid)) return sopClassUid;
  if (isProblem(sopInstanceUid)) return sopInstanceUid;
  if (isProblem(studyInstanceUid)) return studyInstanceUid;
  if (isProblem(seriesInstanceUid)) return seriesInstanceUid;
  if (sopClassUid !== announced.sopClassUid) {
    return problem('dicom-identifier-mismatch', '(0008,0016) is not the Affected SOP Class UID');
  }
  if (sopInstanceUid !== announced.sopInstanceUid) {
    return problem('dicom-identifier-mismatch', '(0008,0018) is not the Affected SOP Instance UID');
  }
  return { sopClassUid, sopInstanceUid, studyInstanceUid, seriesInstanceUid };
}

function identifier(value: string | undefined, tag: number): DicomUid | Problem {
  const uid = value === undefined ? undefined : parseDicomUid(value);
  if (uid !== undefined) return uid;
  const isMissing = value === undefined || value.trim() === '';
  return problem('dicom-identifier-missing', `${tagText(tag)} is ${isMissing ? 'missing' : 'no valid UID'}`);
}
