import type { ReportStatus } from '@yingyun/shared/domain/instance-state';
import { isStudyInstanceUid, type ReportText, readReportText } from './oru-text';
import { type Hl7Message, type Hl7Segment, readRepetitions, readValue } from './parse-message';
import { readInstant } from './read-instant';
import { readPatient } from './read-patient';
import { readPerson } from './read-person';
import { isRefusal, type Refusal, refusal } from './refusal';

/** One report of an ORU^R01, as far as we read it (docs/hl7-interface.md, field by field). */
export interface OruReport extends ReportText {
  /** OBR-3, else the accession number, else a study UID, else MSH-10: never empty. */
  readonly fillerOrderNumber: string;
  /** IPC-1 or OBR-18; '' where the sender stated none. */
  readonly statedAccessionNumber: string;
  /** The stated one, else OBR-3, else OBR-2. */
  readonly accessionNumber: string;
  /** As stated (not yet checked): ZDS-1, IPC-3, or OBX "Study Instance UID". */
  readonly studyInstanceUids: readonly string[];
  readonly patientId: string;
  readonly status: ReportStatus;
  readonly reportingDoctor: string;
  readonly approvingDoctor: string;
  /** OBR-22, else MSH-7, else the newest OBX-14; undefined where none can be read. Versions are ordered by it. */
  readonly reportedAt: Date | undefined;
  readonly examItem: string;
}

/** OBR-25 (HL7 table 0123): what each code means for us. Codes without a report are accepted and nothing is filed. */
const statuses = new Map<string, ReportStatus | 'no-report'>([
  ['A', 'preliminary'],
  ['P', 'preliminary'],
  ['R', 'preliminary'],
  ['M', 'preliminary'],
  ['F', 'approved'],
  ['C', 'amended'],
  ['X', 'withdrawn'],
  ['O', 'no-report'],
  ['I', 'no-report'],
  ['S', 'no-report'],
  ['N', 'no-report'],
  ['Y', 'no-report'],
  ['Z', 'no-report'],
]);

/** A message is filed in one transaction, under a lock: more than this is no report but an attack on it. */
const maxReports = 100;
const maxStudies = 100;

/** An OBR with what belongs to it. */
interface Group {
  readonly obr: Hl7Segment;
  readonly observations: Hl7Segment[];
  /** ZDS and IPC. */
  readonly identifiers: Hl7Segment[];
}

/**
 * Reads the reports of an ORU^R01. OBRs that name the same report (OBR-3, accession number) are one report: their texts are joined,
 * and where their statuses differ it counts as preliminary. Refuses (AE) a message without PID, patient ID, OBR or OBR-25, with an
 * OBR-25 outside table 0123, with more than a hundred reports or studies, or with a final or corrected report that has no content.
 */
export function readOru(message: Hl7Message, defaultOffsetMinutes: number): readonly OruReport[] | Refusal {
  const patient = readPatient(message, defaultOffsetMinutes);
  if (isRefusal(patient)) return patient;
  const { patientId } = patient;
  const groups = readGroups(message);
  if (groups.length === 0) return refusal('AE', 100, 'OBR', 'hl7-malformed', 'OBR is missing');
  const byReport = new Map<string, { groups: Group[]; statuses: Set<ReportStatus> }>();
  for (const [index, group] of groups.entries()) {
    const code = readValue(message, group.obr, 25);
    if (code === '') return refusal('AE', 101, `OBR^${index + 1}^25`, 'hl7-malformed', 'OBR-25 is empty');
    const status = statuses.get(code);
    if (status === undefined)
      return refusal('AE', 103, `OBR^${index + 1}^25`, 'hl7-malformed', 'OBR-25 is not in table 0123');
    if (status === 'no-report') continue;
    const key = JSON.stringify([readValue(message, group.obr, 3), statedAccession(message, group)]);
    const known = byReport.get(key) ?? { groups: [], statuses: new Set() };
    known.groups.push(group);
    known.statuses.add(status);
    byReport.set(key, known);
  }
  if (byReport.size > maxReports) return refusal('AE', 104, 'OBR', 'hl7-malformed', `more than ${maxReports} reports`);
  const reports: OruReport[] = [];
  for (const { groups: own, statuses: stated } of byReport.values()) {
    const [only = 'preliminary'] = stated;
    const report = readReport(message, own, patientId, stated.size === 1 ? only : 'preliminary', defaultOffsetMinutes);
    if (report === 'too-long')
      return refusal('AE', 104, 'OBX^1^5', 'payload-too-large', 'more than 1 MiB of report text');
    const isEmpty = report.findings === '' && report.impression === '' && report.attachmentCount === 0;
    if (isEmpty && (report.status === 'approved' || report.status === 'amended')) {
      return refusal('AE', 101, 'OBX^1^5', 'hl7-malformed', 'a final report has no text');
    }
    reports.push(report);
  }
  const studies = reports.reduce((sum, { studyInstanceUids }) => sum + studyInstanceUids.length, 0);
  if (studies > maxStudies) return refusal('AE', 104, 'OBX', 'hl7-malformed', `more than ${maxStudies} studies`);
  return reports;
}

function readReport(
  message: Hl7Message,
  groups: readonly Group[],
  patientId: string,
  status: ReportStatus,
  defaultOffsetMinutes: number,
): OruReport | 'too-long' {
  const observations = groups.flatMap((group) => group.observations);
  const text = readReportText(message, observations);
  if (text === 'too-long') return text;
  const first = <T>(read: (group: Group) => T | undefined): T | undefined => {
    for (const group of groups) {
      const value = read(group);
      if (value !== undefined && value !== '') return value;
    }
    return undefined;
  };
  const obrValue = (field: number) => first((group) => readValue(message, group.obr, field)) ?? '';
  const statedAccessionNumber = first((group) => statedAccession(message, group)) ?? '';
  const accessionNumber = statedAccessionNumber || obrValue(3) || obrValue(2);
  const studyInstanceUids = unique(groups.flatMap((group) => studyUids(message, group)));
  const principal = first((group) => readPerson(message, group.obr, 32)) ?? '';
  const assistants = first((group) => readPeople(message, group.obr, 33)) ?? '';
  const observer = observations.map((obx) => readPerson(message, obx, 16)).find((name) => name !== '') ?? '';
  const isSigned = status === 'approved' || status === 'amended';
  const instant = (text: string) => readInstant(text, defaultOffsetMinutes);
  const observedAt = observations
    .map((obx) => instant(readValue(message, obx, 14)))
    .filter((date) => date !== undefined);
  return {
    ...text,
    fillerOrderNumber:
      obrValue(3) || accessionNumber || studyInstanceUids[0] || readValue(message, message.segments[0], 10),
    statedAccessionNumber,
    accessionNumber,
    studyInstanceUids,
    patientId,
    status,
    reportingDoctor: assistants || observer || principal,
    approvingDoctor: isSigned ? principal || observer : '',
    reportedAt:
      first((group) => instant(readValue(message, group.obr, 22))) ??
      instant(readValue(message, message.segments[0], 7)) ??
      observedAt.sort((a, b) => b.getTime() - a.getTime())[0],
    examItem: unique(groups.map((group) => examItemOf(message, group.obr))).join('、'),
  };
}

/** Segments up to the next OBR belong to this one; ZDS and IPC before the first OBR belong to all. */
function readGroups(message: Hl7Message): Group[] {
  const groups: Group[] = [];
  const shared: Hl7Segment[] = [];
  for (const segment of message.segments) {
    const current = groups.at(-1);
    if (segment.name === 'OBR') groups.push({ obr: segment, observations: [], identifiers: [...shared] });
    else if (segment.name === 'OBX') current?.observations.push(segment);
    else if (segment.name === 'ZDS' || segment.name === 'IPC') (current?.identifiers ?? shared).push(segment);
  }
  return groups;
}

function statedAccession(message: Hl7Message, group: Group): string {
  const ipc = group.identifiers.find((segment) => segment.name === 'IPC');
  return readValue(message, ipc, 1) || readValue(message, group.obr, 18);
}

function studyUids(message: Hl7Message, group: Group): string[] {
  const named = group.identifiers.map((segment) => readValue(message, segment, segment.name === 'ZDS' ? 1 : 3));
  const observed = group.observations
    .filter((obx) => (obx.fields[5] ?? '').length <= 1024 && isStudyInstanceUid(message, obx))
    .map((obx) => readValue(message, obx, 5));
  return unique([...named, ...observed]);
}

function readPeople(message: Hl7Message, segment: Hl7Segment, field: number): string {
  return unique(
    readRepetitions(message, segment, field).map((_, repetition) => readPerson(message, segment, field, repetition)),
  ).join('、');
}

function examItemOf(message: Hl7Message, obr: Hl7Segment): string {
  return [2, 5, 1].map((component) => readValue(message, obr, 4, { component })).find((text) => text !== '') ?? '';
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text) => text !== ''))];
}
