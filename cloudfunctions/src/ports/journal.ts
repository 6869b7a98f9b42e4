import type { DicomUid } from '@yingyun/shared/domain/dicom-uid';
import type { DigestedSealReceipt, SealReceipt } from './sealing';

/**
 * The journal is the gateway's durable word (docs/flow.md). An acknowledgement follows `append`; the database is a projection
 * of the journal and remembers in `journal_position` how far it has read. UIDs, codes and digests only: no patient data.
 */
export type JournalEntry =
  | InstanceAcknowledged
  | MessageAcknowledged
  | ObjectStored
  | MessageStored
  | FilmAnnounced
  | SpoolReleased;

export interface SpoolReceipt extends SealReceipt {
  /** Path relative to the spool folder; also the objectKey of the seal context (class 'spool', generation 1). */
  readonly spoolFile: string;
}

/** A C-STORE that was answered with Success. The spool file holds a DICOM Part 10 file. */
export interface InstanceAcknowledged {
  readonly kind: 'instance-acknowledged';
  readonly tenantId: string;
  readonly callingAeTitle: string;
  readonly sopClassUid: DicomUid;
  readonly sopInstanceUid: DicomUid;
  readonly studyInstanceUid: DicomUid;
  readonly seriesInstanceUid: DicomUid;
  readonly transferSyntaxUid: DicomUid;
  /** `PieceDigest` of the data set's bytes as received (without preamble and file meta), 64 hex digits. */
  readonly receivedSm3: string;
  /** ISO 8601 UTC, milliseconds. */
  readonly receivedAt: string;
  readonly spool: SpoolReceipt;
}

/** An HL7 message that was answered with AA. The spool file holds the message's bytes as received, without MLLP framing. */
export interface MessageAcknowledged {
  readonly kind: 'message-acknowledged';
  readonly tenantId: string;
  /** MSH-3/MSH-4 of the sender, joined by "|". */
  readonly sender: string;
  readonly messageType: string;
  readonly receivedAt: string;
  readonly spool: SpoolReceipt;
}

/** The sealed object is durable in the object store and verified; from here the database row can be rebuilt without the spool. */
export interface ObjectStored {
  readonly kind: 'object-stored';
  readonly tenantId: string;
  /** Sequence of the acknowledgement this object came from. */
  readonly acknowledgedSequence: number;
  readonly studyInstanceUid: DicomUid;
  readonly sopInstanceUid: DicomUid;
  readonly objectKey: string;
  readonly objectClass: 'dicom';
  readonly generation: number;
  readonly seal: DigestedSealReceipt;
}

/** The original of an HL7 message is durable in the object store and was read back: sealed as class 'hl7', generation 1. */
export interface MessageStored {
  readonly kind: 'message-stored';
  readonly tenantId: string;
  readonly acknowledgedSequence: number;
  readonly objectKey: string;
  readonly seal: DigestedSealReceipt;
}

/**
 * A patient was told, or may have been, or the channel refuses to tell: not to be told again, even when the database is lost.
 * Written between the sending and the database's own word.
 */
export interface FilmAnnounced {
  readonly kind: 'film-announced';
  readonly tenantId: string;
  readonly studyInstanceUid: string;
  readonly channel: string;
  /** `Notice.topic`. */
  readonly topic: string;
  readonly state: 'sent' | 'unclear' | 'refused';
  /** ISO 8601 UTC, milliseconds. */
  readonly at: string;
}

/** The spool file of this acknowledgement was removed: its contents are stored and verified, or were a true duplicate. */
export interface SpoolReleased {
  readonly kind: 'spool-released';
  readonly acknowledgedSequence: number;
}

export interface JournalRecord<E extends JournalEntry = JournalEntry> {
  /** 1, 2, 3 …: strictly ascending over the journal's whole life. */
  readonly sequence: number;
  readonly entry: E;
}

export interface Journal {
  /** Durable when it resolves (group commit: concurrent appends share one sync). */
  append(entry: JournalEntry): Promise<number>;
  /** Records with a sequence greater than `after`, in order. */
  read(after: number): AsyncIterable<JournalRecord>;
  readonly lastSequence: number;
  close(): Promise<void>;
}
