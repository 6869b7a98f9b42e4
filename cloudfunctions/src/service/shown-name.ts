/**
 * A DICOM person name (PS3.5 6.2.1: groups alphabetic=ideographic=phonetic, components by ^) as it is written here: the
 * ideographic group where there is one, Han characters without a gap ("林晓云"), anything else with blanks ("Smith John").
 */
export function shownName(personName: string): string {
  const groups = personName.split('=').map((group) => group.replace(/\^+/g, ' ').trim());
  const shown = [groups[1], groups[0], groups[2]].find((group) => group !== undefined && group !== '') ?? '';
  return shown.replace(/\s+/g, ' ').replace(/(?<=\p{Script=Han}) (?=\p{Script=Han})/gu, '');
}
