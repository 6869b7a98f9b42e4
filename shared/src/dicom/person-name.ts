/** PS3.5 6.2.1.2: up to three component groups. `alphabetic` may hold Han characters where a device knows only one group. */
export interface PersonName {
  readonly alphabetic: string;
  readonly ideographic: string;
  readonly phonetic: string;
}

/** Splits a decoded PN value; components keep their carets ("ZHANG^SAN"), trailing empty ones are dropped. */
export function parsePersonName(text: string): PersonName {
  const groups = text.split('=').map((group) =>
    group
      .replace(/[\0 ]+$/, '')
      .replace(/[\^ ]+$/, '')
      .trim(),
  );
  return { alphabetic: groups[0] ?? '', ideographic: groups[1] ?? '', phonetic: groups[2] ?? '' };
}

/** The form to show and to search by: ideographic where there is one, family and given name joined as their script asks. */
export function displayName(name: PersonName): string {
  const group = name.ideographic !== '' ? name.ideographic : name.alphabetic;
  const parts = group
    .split('^')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return /[\u2e80-\u9fff\uf900-\ufaff\uac00-\ud7af]|[\ud840-\ud8ff]/.test(group) ? parts.join('') : parts.join(' ');
}
