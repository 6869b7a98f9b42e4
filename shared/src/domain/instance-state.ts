/** Where an instance is on its way from the PACS to the film (design, "From PACS to film"). */
export const instanceStates = [
  'received',
  'spooled',
  'acknowledged',
  'indexed',
  'transcoded',
  'stored',
  'verified',
  'packed',
  'conflict',
  'quarantined',
] as const;
export type InstanceState = (typeof instanceStates)[number];

/** HL7 table 0123 (OBR-25) as far as we act on it. */
export type ReportStatus = 'preliminary' | 'approved' | 'amended' | 'withdrawn';

/** What a patient may see of a film. */
export type FilmState = 'waiting' | 'published' | 'held' | 'withdrawn';
