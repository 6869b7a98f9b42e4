import { type Hl7Message, type Hl7Segment, readValue } from './parse-message';

/**
 * A person's name for display, from a field of type XCN (`id^family^given`), CNN or NDL (`id&family&given^start^end`, OBR-32 … 35).
 * Senders mix them up, so both are understood; a field with one value only is taken as the name. Han names are joined without a
 * blank, others as "given family".
 */
export function readPerson(message: Hl7Message, segment: Hl7Segment, field: number, repetition = 0): string {
  const at = (component: number, subcomponent = 1) =>
    readValue(message, segment, field, { repetition, component, subcomponent });
  if (at(1, 2) !== '' || at(1, 3) !== '') return displayName(at(1, 2), at(1, 3));
  const second = at(2);
  const isTime = /^\d{4,}/.test(second); // NDL.2 is a start time
  if ((second !== '' && !isTime) || at(3) !== '')
    return displayName(isTime ? '' : second, /^\d{4,}/.test(at(3)) ? '' : at(3));
  return at(1);
}

function displayName(family: string, given: string): string {
  if (family === '' || given === '') return family + given;
  return /\p{Script=Han}/u.test(family + given) ? family + given : `${given} ${family}`;
}
