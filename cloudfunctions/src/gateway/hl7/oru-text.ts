import { type Hl7Message, type Hl7Segment, readRepetitions, readText, readValue } from './parse-message';

export interface ReportText {
  readonly findings: string;
  readonly impression: string;
  /** ED and RP values (PDF, CDA, links): kept with the message, not shown yet. */
  readonly attachmentCount: number;
}

/** Characters as sent. Real reports have a hundredth of it; unescaping more would keep other senders waiting. */
const maxReportText = 1 << 20;

type Part = 'findings' | 'impression' | 'identifier' | 'other';

/** OBX-3.1, .2, .4 or .5 without blanks and colons, upper case. 59776-5, 18782-3 and 19005-8 are LOINC. */
const labels = new Map<string, Part>([
  ...[
    '检查所见',
    '影像所见',
    '影像学所见',
    '影像表现',
    '影像学表现',
    '检查表现',
    '超声所见',
    '所见',
    '检查描述',
    '影像描述',
  ].map(findingsLabel),
  ...['FINDINGS', 'FINDING', 'PROCEDUREFINDINGS', 'GDT', '59776-5', '18782-3'].map(findingsLabel),
  ...[
    '诊断意见',
    '诊断结论',
    '诊断印象',
    '影像诊断',
    '影像学诊断',
    '检查结论',
    '检查诊断',
    '超声提示',
    '超声诊断',
    '印象',
    '结论',
    '诊断',
  ].map(impressionLabel),
  ...['IMPRESSION', 'IMPRESSIONS', 'CONCLUSION', 'DIAGNOSIS', 'IMP', '19005-8'].map(impressionLabel),
  ...['113014', '110180', 'DICOMSTUDY', 'STUDYINSTANCEUID', 'SERIESINSTANCEUID', 'SRINSTANCEUID', 'SOPINSTANCEUID'].map(
    identifierLabel,
  ),
]);

/**
 * A report's text from its OBX segments (TX, FT, ST; CE and CWE by their text). Which part an OBX is, its identifier says: labels
 * above, or the suffix of OBX-3.1 (`&GDT` description, `&IMP` impression: HL7 7.1.2 to 7.1.4). Text under any other label is kept under
 * the findings with its label, never dropped. Deleted and wrong observations (OBX-11 D, W) are left out.
 */
export function readReportText(message: Hl7Message, observations: readonly Hl7Segment[]): ReportText | 'too-long' {
  const findings: string[] = [];
  const impression: string[] = [];
  const others: string[] = [];
  let attachmentCount = 0;
  let length = 0;
  for (const obx of observations) {
    if (['D', 'W'].includes(readValue(message, obx, 11))) continue;
    const type = readValue(message, obx, 2);
    if (type === 'ED' || type === 'RP') {
      if (readRepetitions(message, obx, 5).length > 0) attachmentCount++;
      continue;
    }
    length += obx.fields[5]?.length ?? 0;
    if (length > maxReportText) return 'too-long';
    const text = readObservation(message, obx, type);
    if (text === '') continue;
    switch (partOf(message, obx)) {
      case 'findings':
        findings.push(text);
        break;
      case 'impression':
        impression.push(text);
        break;
      case 'other': {
        const label = readValue(message, obx, 3, { component: 2 });
        others.push(label === '' ? text : `${label}：${text}`);
        break;
      }
      case 'identifier':
        break;
    }
  }
  return { findings: [...findings, ...others].join('\n'), impression: impression.join('\n'), attachmentCount };
}

/** True where this OBX names the study (DCM 113014, 110180, or "Study Instance UID" in words). */
export function isStudyInstanceUid(message: Hl7Message, obx: Hl7Segment): boolean {
  return identifiersOf(message, obx).some((name) =>
    ['113014', '110180', 'DICOMSTUDY', 'STUDYINSTANCEUID'].includes(name),
  );
}

function readObservation(message: Hl7Message, obx: Hl7Segment, type: string): string {
  const repetitions = readRepetitions(message, obx, 5);
  if (type === 'CE' || type === 'CWE') {
    const texts = repetitions.map((_, repetition) =>
      [2, 9, 5, 1]
        .map((component) => readValue(message, obx, 5, { repetition, component }))
        .find((text) => text !== ''),
    );
    return texts.filter((text) => text !== undefined).join('\n');
  }
  if (type !== 'TX' && type !== 'FT' && type !== 'ST') return '';
  return repetitions
    .map((repetition) => readText(message, repetition))
    .join('\n')
    .trim();
}

function partOf(message: Hl7Message, obx: Hl7Segment): Part {
  for (const name of identifiersOf(message, obx)) {
    const part = labels.get(name);
    if (part !== undefined) return part;
  }
  return 'other';
}

/** Suffix first (it is the most specific), then code, text, and the alternate code and text. */
function identifiersOf(message: Hl7Message, obx: Hl7Segment): string[] {
  const at = (component: number, subcomponent = 1) =>
    readValue(message, obx, 3, { component, subcomponent })
      .replace(/[\s:：]/g, '')
      .toUpperCase();
  return [at(1, 2), at(2, 2), at(1), at(2), at(4), at(5)].filter((name) => name !== '');
}

function findingsLabel(label: string): [string, Part] {
  return [label, 'findings'];
}

function impressionLabel(label: string): [string, Part] {
  return [label, 'impression'];
}

function identifierLabel(label: string): [string, Part] {
  return [label, 'identifier'];
}
