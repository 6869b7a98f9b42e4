import { shownName } from './shown-name';

/**
 * A name as lists and shared films show it: the family name's first character, the rest as stars ("张*", "李**", "Z**").
 * Takes a DICOM person name (PS3.5 6.2.1).
 */
export function maskedName(personName: string): string {
  const [first, ...rest] = [...shownName(personName).replace(/\s+/g, '')];
  return first === undefined ? '' : `${first}${'*'.repeat(Math.min(2, Math.max(1, rest.length)))}`;
}
