import type { TextOf } from '@yingyun/shared/dicom/character-set';
import type { DataSet } from '@yingyun/shared/dicom/data-set';
import { isoDate, isoDateTime, isoFromDt } from '@yingyun/shared/dicom/date-time';
import { codeValue, numberValue, textValue } from '@yingyun/shared/dicom/values';
import { type DicomUid, parseDicomUid } from '@yingyun/shared/domain/dicom-uid';
import { type Problem, problem } from '@yingyun/shared/domain/problem';
import { bodyRegionsOf } from './body-regions';

/** What the index keeps of an instance's header. Names, numbers and texts go only into sealed columns. */
export interface InstanceIdentity {
  readonly sopClassUid: DicomUid;
  readonly sopInstanceUid: DicomUid;
  readonly studyInstanceUid: DicomUid;
  readonly seriesInstanceUid: DicomUid;
  readonly instanceNumber: number | null;
  readonly patient: {
    readonly patientId: string;
    /** The PN value, decoded: "Zhang^San=张^三". */
    readonly name: string;
    /** "1970-01-31" or ''. */
    readonly birthDate: string;
    readonly sex: 'M' | 'F' | 'O' | '';
  };
  readonly study: {
    readonly accessionNumber: string;
    /** ISO local, '' where unknown. */
    readonly studyAt: string;
    readonly description: string;
    readonly bodyPart: string;
    /** `bodyRegionsOf` it. */
    readonly bodyRegions: string;
    /** "056Y", or '' for what isn't of this form. */
    readonly patientAge: string;
  };
  readonly series: {
    readonly modality: string;
    readonly seriesNumber: number | null;
    readonly description: string;
    readonly bodyPart: string;
  };
}

/** The identifiers the journal knows from the C-STORE command and the head of the data set. */
export type ExpectedUids = Pick<InstanceIdentity, 'sopInstanceUid' | 'studyInstanceUid' | 'seriesInstanceUid'>;

/**
 * Reads what the index needs: strict about the four UIDs, lenient about everything else.
 *
 * Answers `dicom-identifier-missing` without a UID, `dicom-identifier-mismatch` where it isn't the instance that was announced (undefined: any).
 */
export function indexInstance(
  dataSet: DataSet,
  textOf: TextOf,
  expected: ExpectedUids | undefined,
): InstanceIdentity | Problem {
  const sopClassUid = parseDicomUid(codeValue(dataSet, 0x00080016));
  const sopInstanceUid = parseDicomUid(codeValue(dataSet, 0x00080018));
  const studyInstanceUid = parseDicomUid(codeValue(dataSet, 0x0020000d));
  const seriesInstanceUid = parseDicomUid(codeValue(dataSet, 0x0020000e));
  if (sopClassUid === undefined || sopInstanceUid === undefined)
    return problem('dicom-identifier-missing', 'SOP class or instance UID');
  if (studyInstanceUid === undefined || seriesInstanceUid === undefined)
    return problem('dicom-identifier-missing', 'study or series UID');
  const isExpected =
    expected === undefined ||
    (sopInstanceUid === expected.sopInstanceUid &&
      studyInstanceUid === expected.studyInstanceUid &&
      seriesInstanceUid === expected.seriesInstanceUid);
  if (!isExpected) return problem('dicom-identifier-mismatch', `the data set is ${sopInstanceUid}`);
  const text = (tag: number) => oneLine(textValue(dataSet, tag, textOf));
  const sex = codeValue(dataSet, 0x00100040).toUpperCase();
  return {
    sopClassUid,
    sopInstanceUid,
    studyInstanceUid,
    seriesInstanceUid,
    instanceNumber: integer(dataSet, 0x00200013),
    patient: {
      patientId: text(0x00100020),
      name: text(0x00100010),
      birthDate: isoDate(codeValue(dataSet, 0x00100030)),
      sex: sex === 'M' || sex === 'F' || sex === 'O' ? sex : '',
    },
    study: {
      accessionNumber: text(0x00080050),
      studyAt:
        isoDateTime(codeValue(dataSet, 0x00080020), codeValue(dataSet, 0x00080030)) ||
        isoDateTime(codeValue(dataSet, 0x00080022), codeValue(dataSet, 0x00080032)) ||
        isoFromDt(codeValue(dataSet, 0x0008002a)),
      description: text(0x00081030),
      bodyPart: text(0x00180015),
      bodyRegions: bodyRegionsOf(text(0x00180015)),
      patientAge: age(codeValue(dataSet, 0x00101010)),
    },
    series: {
      modality: codeValue(dataSet, 0x00080060).slice(0, 16),
      seriesNumber: integer(dataSet, 0x00200011),
      description: text(0x0008103e),
      bodyPart: text(0x00180015),
    },
  };
}

/** PS3.5 6.2, AS; some devices leave the unit or leading zeros out. It stands in clear: nothing but an age may. */
function age(text: string): string {
  return /^\d{1,3}[DWMY]?$/.test(text) ? text : '';
}

function integer(dataSet: DataSet, tag: number): number | null {
  const value = numberValue(dataSet, tag);
  // An integer column holds 32 bits; IS (PS3.5 6.2) has the same range.
  return value === undefined || Math.abs(value) > 0x7fffffff ? null : Math.trunc(value);
}

/** Control characters have no place in a list or a log; PostgreSQL refuses NUL. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text
    .replace(/[\u0000-\u001f\u007f]+/g, ' ')
    .trim()
    .slice(0, 1024);
}
