import { statusText, storeStatus } from './store-status';

/** A snapshot for metrics; counts since the server started. */
export interface ReceiveCounts {
  readonly associations: { readonly accepted: number; readonly rejected: number; readonly aborted: number };
  /** C-STORE requests whose data set arrived to its end. */
  readonly received: number;
  readonly acknowledged: number;
  /** By DIMSE status: "0xA900" → count. */
  readonly refused: Readonly<Record<string, number>>;
}

export class ReceiveCounters {
  private accepted = 0;
  private rejected = 0;
  private aborted = 0;
  private received = 0;
  private acknowledged = 0;
  private readonly refused = new Map<string, number>();

  countAssociation(fate: 'accepted' | 'rejected' | 'aborted'): void {
    this[fate]++;
  }

  countStored(status: number): void {
    this.received++;
    if (status === storeStatus.success) this.acknowledged++;
    else this.refused.set(statusText(status), (this.refused.get(statusText(status)) ?? 0) + 1);
  }

  snapshot(): ReceiveCounts {
    return {
      associations: { accepted: this.accepted, rejected: this.rejected, aborted: this.aborted },
      received: this.received,
      acknowledged: this.acknowledged,
      refused: Object.fromEntries(this.refused),
    };
  }
}
