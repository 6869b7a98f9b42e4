import { TextDecoder } from 'node:util';
import type { StructuredDocument } from '@yingyun/shared/contract/film-document';
import type { TextDecoderFactory, TextOf } from '@yingyun/shared/dicom/character-set';
import { type DataSet, find } from '@yingyun/shared/dicom/data-set';
import { readPart10 } from '@yingyun/shared/dicom/read-part10';
import { structuredDocumentOf } from '@yingyun/shared/dicom/structured-document';
import { numberValue, textOfDataSet } from '@yingyun/shared/dicom/values';
import { isProblem, type Problem, ProblemError, problem } from '@yingyun/shared/domain/problem';
import { readFrameBytes } from '../pipeline/read-stored-object';
import type { ApiPorts } from './api-ports';
import { readsUnreviewed, waitsForReport } from './document-standing';
import { type FilmCaller, type FilmObject, findFilmObject, recordObjectRead } from './film-object';
import { maskedName } from './masked-name';
import { hasPublishedReport } from './report-of-study';
import { shownName } from './shown-name';

/** A document is words or a PDF; what is larger is a picture, or an attack. */
const maxDocumentBytes = 64 * 1024 * 1024;

export type OpenedDocument =
  | { readonly kind: 'structured'; readonly document: StructuredDocument }
  | { readonly kind: 'pdf'; readonly bytes: Uint8Array };

/**
 * What an object of a film says in words (contract film-document.ts): structured reports and key object selections as a tree of content,
 * encapsulated PDF as its bytes. Names in it are masked for everyone but the hospital's doctors, as in the film's manifest. An opening is in the audit trail.
 * Patients and shares read what a doctor has approved (docs/adr/0023-documents-wait-for-the-report.md).
 * Problems: `forbidden`, `not-found` (also for what has no document), `document-not-released`, `dicom-limit-exceeded`, `dicom-unsupported`, `too-many-requests`, those of reading.
 */
export async function filmDocument(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'fields' | 'objects' | 'sealer' | 'keys' | 'wholeReads'>,
  caller: FilmCaller,
  input: { readonly filmId: string; readonly sopInstanceUid: string },
): Promise<OpenedDocument | Problem> {
  const found = await findFilmObject(ports, caller, input);
  if ('problem' in found) return found;
  const { row, stored } = found;
  if (stored.listed?.hasDocument !== true) return problem('not-found');
  const isReported = await hasPublishedReport(ports.database, caller.hospitalId, found.studyId);
  if (waitsForReport(stored.listed, isReported) && !readsUnreviewed(caller)) {
    await recordObjectRead(ports, caller, 'document-read', row, 'document-not-released');
    return problem('document-not-released');
  }
  const opened = await ports.wholeReads.run(() => open(ports, found, caller));
  await recordObjectRead(ports, caller, 'document-read', row, isProblem(opened) ? opened.problem : undefined);
  return opened;
}

async function open(
  ports: Pick<ApiPorts, 'objects' | 'sealer' | 'keys'>,
  { row, stored }: FilmObject,
  caller: FilmCaller,
): Promise<OpenedDocument | Problem> {
  const length = row.object.plainLength;
  if (length > maxDocumentBytes) return problem('dicom-limit-exceeded', `a document of ${length} bytes`);
  try {
    const part10 = readPart10(await readFrameBytes(ports, row.object, 0, length));
    if (isProblem(part10)) return part10;
    if (stored.listed?.kind === 'pdf') return pdfOf(part10.dataSet);
    const kind = stored.listed?.kind === 'key-object' ? 'key-object' : 'structured-report';
    const personOf = readsUnreviewed(caller) ? shownName : maskedName;
    const text = textOf(part10.dataSet);
    return { kind: 'structured', document: structuredDocumentOf(part10.dataSet, kind, text, { textOf, personOf }) };
  } catch (error) {
    if (error instanceof ProblemError) return error.problem;
    throw error;
  }
}

/** PS3.3 C.24.2: the value is padded to an even length; (0042,0015) says the true one. A browser is given nothing that is no PDF. */
function pdfOf(dataSet: DataSet): OpenedDocument | Problem {
  const value = find(dataSet, 0x00420011)?.value ?? new Uint8Array(0);
  const stated = numberValue(dataSet, 0x00420015) ?? value.length;
  const bytes = value.subarray(0, Math.min(value.length, Math.max(0, stated)));
  const isPdf = Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-');
  return isPdf ? { kind: 'pdf', bytes } : problem('dicom-unsupported', 'an encapsulated document that is no PDF');
}

function textOf(dataSet: DataSet, inherited?: TextOf): TextOf {
  const decoders: TextDecoderFactory = (label, options) => new TextDecoder(label, options);
  return textOfDataSet(dataSet, decoders, { assumeChinese: true }, inherited);
}
