/**
 * A name as lists and shared films show it: the family name's first character, the rest as stars ("张*", "李**", "Z**").
 * Takes a DICOM person name (PS3.5 6.2.1: groups alphabetic=ideographic=phonetic, components by ^); the ideographic group wins.
 */
export function maskedName(personName: string): string {
  const groups = personName.split('=').map((group) => group.replace(/\^+/g, ' ').trim());
  const shown = [groups[1], groups[0], groups[2]].find((group) => group !== undefined && group !== '');
  if (shown === undefined) return '';
  const [first = '', ...rest] = [...shown.replace(/\s+/g, '')];
  return `${first}${'*'.repeat(Math.min(2, Math.max(1, rest.length)))}`;
}
