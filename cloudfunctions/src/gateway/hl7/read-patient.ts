import { isIdNumber } from '@yingyun/shared/domain/id-number';
import { firstSegment, type Hl7Message, type Hl7Segment, readRepetitions, readValue } from './parse-message';
import { readInstant } from './read-instant';
import { type Refusal, refusal } from './refusal';

/** What a message states of a patient; '' where it states nothing (docs/hl7-interface.md, field by field). */
export interface StatedPatient {
  readonly patientId: string;
  /** PID-5, for comparing and display: Han names without blanks, others as "family given". */
  readonly name: string;
  /** 18 characters with a right check character (GB 11643). */
  readonly idNumber: string;
  /** Mainland mobile number, 11 digits. */
  readonly phone: string;
  readonly sex: 'M' | 'F' | 'O' | '';
  /** MSH-7, else EVN-2; undefined where neither can be read. */
  readonly statedAt: Date | undefined;
}

/** Real patients have a handful; more are not looked at. */
const maxRepetitions = 20;
const longestName = 64;

/** Reads PID of an ORU or ADT message. Refuses (AE) one without PID or patient ID; is lenient with everything else in it. */
export function readPatient(message: Hl7Message, defaultOffsetMinutes: number): StatedPatient | Refusal {
  const pid = firstSegment(message, 'PID');
  if (pid === undefined) return refusal('AE', 100, 'PID', 'hl7-malformed', 'PID is missing');
  const patientId = readPatientId(message, pid);
  if (patientId === '') return refusal('AE', 101, 'PID^1^3', 'hl7-malformed', 'PID-3 is empty');
  const sex = readValue(message, pid, 8).toUpperCase();
  const instant = (text: string) => readInstant(text, defaultOffsetMinutes);
  return {
    patientId,
    name: readName(message, pid),
    idNumber: readIdNumber(message, pid),
    phone: readMobilePhone(message, pid),
    sex: sex === 'M' || sex === 'F' || sex === 'O' ? sex : '',
    statedAt:
      instant(readValue(message, message.segments[0], 7)) ??
      instant(readValue(message, firstSegment(message, 'EVN'), 2)),
  };
}

/** PID-3: the repetition typed MR, else PI, else the first one with an ID; v2.1 senders use PID-2. */
export function readPatientId(message: Hl7Message, pid: Hl7Segment): string {
  const stated = identifiers(message, pid, 3).filter(({ id }) => id !== '');
  const best = stated.find(({ type }) => type === 'MR') ?? stated.find(({ type }) => type === 'PI') ?? stated[0];
  return best?.id ?? readValue(message, pid, 2);
}

/**
 * PID-3 (a repetition of any type, since senders write NI, NNCHN, 身份证, 01 …), else PID-19, else PID-2 and PID-4: the first that **is** an ID number.
 * Patient IDs of hospitals don't have 18 characters with a birth date and a check character in them.
 */
function readIdNumber(message: Hl7Message, pid: Hl7Segment): string {
  const candidates = [3, 19, 2, 4].flatMap((field) => identifiers(message, pid, field).map(({ id }) => id));
  return candidates.map((id) => id.toUpperCase()).find(isIdNumber) ?? '';
}

/** XPN (`family^given`) or the whole name in one component; of several repetitions the one in Han characters. */
function readName(message: Hl7Message, pid: Hl7Segment): string {
  const names = repetitionsOf(message, pid, 5).map((repetition) => {
    const [family, given] = [1, 2].map((component) => readValue(message, pid, 5, { repetition, component }));
    const isHan = /\p{Script=Han}/u.test(`${family}${given}`);
    return `${family}${isHan ? '' : ' '}${given}`.trim().slice(0, longestName);
  });
  return names.find((name) => /\p{Script=Han}/u.test(name)) ?? names.find((name) => name !== '') ?? '';
}

/** PID-13 (home), PID-40 (v2.7), PID-14 (business), as XTN or as plain text; a mobile phone said to be one (XTN-3 CP) first. */
function readMobilePhone(message: Hl7Message, pid: Hl7Segment): string {
  const stated = [13, 40, 14].flatMap((field) =>
    repetitionsOf(message, pid, field).map((repetition) => {
      const at = (component: number) => readValue(message, pid, field, { repetition, component });
      const forms = [at(1), at(12), at(7), `${at(6)}${at(7)}`];
      return { isCell: at(3) === 'CP', phone: forms.map(mobilePhoneOf).find((phone) => phone !== '') ?? '' };
    }),
  );
  const phones = stated.filter(({ phone }) => phone !== '');
  return (phones.find(({ isCell }) => isCell) ?? phones[0])?.phone ?? '';
}

/** 11 digits, from forms such as "+86 138-1234-5678" and "(86)13812345678"; '' where it is none. */
function mobilePhoneOf(text: string): string {
  const digits = text.replace(/[\s()+\-–]/g, '').replace(/^(00)?86(?=1\d{10}$)/, '');
  return /^1[3-9]\d{9}$/.test(digits) ? digits : '';
}

function identifiers(message: Hl7Message, pid: Hl7Segment, field: number) {
  return repetitionsOf(message, pid, field).map((repetition) => ({
    id: readValue(message, pid, field, { repetition, component: 1 }),
    type: readValue(message, pid, field, { repetition, component: 5 }),
  }));
}

function repetitionsOf(message: Hl7Message, pid: Hl7Segment, field: number): number[] {
  return readRepetitions(message, pid, field)
    .slice(0, maxRepetitions)
    .map((_, repetition) => repetition);
}
