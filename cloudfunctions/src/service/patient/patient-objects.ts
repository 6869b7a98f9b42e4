import { isProblem, type Problem } from '@yingyun/shared/domain/problem';
import type { ApiPorts } from '../api-ports';
import type { PatientCaller } from '../caller';
import { filmDocument, type OpenedDocument } from '../film-document';
import { filmOverlay } from '../film-overlay';
import { requireOwnFilm } from './require-own-film';

type Ports = Pick<ApiPorts, 'database' | 'audit' | 'fields' | 'clock' | 'objects' | 'sealer' | 'keys' | 'wholeReads'>;

/** A document of one of the person's films, as filmDocument. Problems: `not-found` and those of reading. */
export async function patientDocument(
  ports: Ports,
  caller: PatientCaller,
  input: Parameters<typeof filmDocument>[2],
): Promise<OpenedDocument | Problem> {
  const own = await requireOwnFilm(ports, caller, input.filmId, 'document-read');
  return isProblem(own) ? own : filmDocument(ports, own.caller, input);
}

/** An overlay plane of one of the person's films, as filmOverlay. Problems: `not-found` and those of reading. */
export async function patientOverlay(
  ports: Ports,
  caller: PatientCaller,
  input: Parameters<typeof filmOverlay>[2],
): Promise<Uint8Array | Problem> {
  const own = await requireOwnFilm(ports, caller, input.filmId, 'overlay-read');
  return isProblem(own) ? own : filmOverlay(ports, own.caller, input);
}
