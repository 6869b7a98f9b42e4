import { type Problem, ProblemError, problem } from '@yingyun/shared/domain/problem';
import { readFrameBytes } from '../pipeline/read-stored-object';
import type { ApiPorts } from './api-ports';
import { type FilmCaller, findFilmObject, recordObjectRead } from './film-object';

/**
 * The bits of an overlay plane for one frame (contract OverlayPlane): rows × columns bits, packed from the lowest bit of each byte.
 * Looking at a film is in the audit trail with its manifest; here only a plane that can't be read is.
 * Problems: `forbidden`, `not-found`, `too-many-requests`, those of reading a sealed object.
 */
export async function filmOverlay(
  ports: Pick<ApiPorts, 'database' | 'audit' | 'fields' | 'objects' | 'sealer' | 'keys' | 'wholeReads'>,
  caller: FilmCaller,
  input: { readonly filmId: string; readonly sopInstanceUid: string; readonly group: number; readonly frame: number },
): Promise<Uint8Array | Problem> {
  const found = await findFilmObject(ports, caller, input);
  if ('problem' in found) return found;
  const { row, stored } = found;
  const overlay = stored.overlays?.find((one) => one.group === input.group);
  const { rendition } = row;
  if (overlay === undefined || rendition === undefined) return problem('not-found');
  const index = overlay.firstFrame === 0 ? 0 : input.frame - overlay.firstFrame;
  if (index < 0 || index >= overlay.frameCount) return problem('not-found');
  try {
    const { offset, length } = overlay;
    return await ports.wholeReads.run(() => readFrameBytes(ports, rendition, offset + index * length, length));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    await recordObjectRead(ports, caller, 'overlay-read', row, error.problem.problem);
    return error.problem;
  }
}
