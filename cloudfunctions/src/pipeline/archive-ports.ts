import type { Ports } from '../ports/ports';

/** What it takes to bring an instance from the spool into the archive, and to read it back. */
export type ArchivePorts = Pick<
  Ports,
  | 'database'
  | 'journal'
  | 'spool'
  | 'keys'
  | 'transcoder'
  | 'objects'
  | 'outbox'
  | 'together'
  | 'fields'
  | 'clock'
  | 'random'
  | 'log'
>;
