import type { LogRecord } from './durable-log';

/** About three journal records an instance, for the instances that are under way. */
const maxRecords = 8192;
const maxCharacters = 8 * 1024 * 1024;

/** The newest durable records, in memory: who follows the log, or asks for a record of a moment ago, needs no file for it. */
export class RecentRecords {
  private records: LogRecord[] = [];
  private characters = 0;

  /** Records follow one another without a gap. */
  add(record: LogRecord): void {
    this.records.push(record);
    this.characters += record.json.length;
    // Dropped in halves: a shift at every record would move the whole array.
    while (this.records.length > 1 && (this.records.length > 2 * maxRecords || this.characters > maxCharacters)) {
      const dropped = this.records.splice(0, Math.ceil(this.records.length / 2));
      for (const one of dropped) this.characters -= one.json.length;
    }
  }

  /** Undefined where it is older, or not written yet. */
  get(sequence: number): LogRecord | undefined {
    const first = this.records[0]?.sequence ?? 0;
    return this.records[sequence - first];
  }
}
