import { encodeFrameRecordHead, encodeFrameTrailer } from '@yingyun/shared/contract/frame-batch';
import { type Problem, ProblemError, problem } from '@yingyun/shared/domain/problem';
import { readFrameBytes } from '../pipeline/read-stored-object';
import type { ApiPorts } from './api-ports';
import { actorOf, type PatientFilmCaller, type ShareCaller, type StaffCaller } from './caller';
import { filmStudyKey } from './film-study-key';
import { requirePermission } from './permissions';
import { plainBands, readPlainPiece } from './plain-frames';
import { type FramePiece, type FramePlan, type FramesQuery, planFrames } from './plan-frames';
import type { SeriesLayout } from './study-layout';

/** Frames that are read ahead of the one being sent. */
const readAhead = 4;

type Ports = Pick<ApiPorts, 'database' | 'audit' | 'layouts' | 'objects' | 'sealer' | 'keys' | 'log' | 'transcoder'>;

export interface FramesInput extends FramesQuery {
  readonly filmId: string;
  readonly series: string;
  readonly revision?: string | undefined;
  readonly format?: 'htj2k' | 'deflate';
}

/**
 * One batch of frame bytes (contract frame-batch.ts) as a stream of records and a trailer. The stream throws where an object
 * is damaged: the answer then ends without a trailer, which a client takes for a cut line and not for an image.
 * Problems: `forbidden`, `not-found`, `film-changed`.
 */
export async function filmFrames(
  ports: Ports,
  caller: StaffCaller | ShareCaller | PatientFilmCaller,
  input: FramesInput,
): Promise<AsyncGenerator<Uint8Array> | Problem> {
  if (caller.kind === 'staff') {
    const denied = await requirePermission(ports, caller, 'film.view', { kind: 'film', id: input.filmId });
    if (denied !== undefined) return denied;
  } else if (input.filmId !== caller.filmId) return problem('not-found');
  const study = await filmStudyKey(ports.database, caller.hospitalId, input.filmId);
  if (study === undefined) return problem('not-found');
  const remembered = await ports.layouts.of(ports.database, study);
  const isAgreed = input.revision === undefined || input.revision === remembered.revision;
  // Another process may have shown a newer order than this one remembers.
  const layout = isAgreed ? remembered : await ports.layouts.fresh(ports.database, study);
  if (input.revision !== undefined && input.revision !== layout.revision) return problem('film-changed');
  const series = layout.series.find((one) => one.manifest.seriesInstanceUid === input.series);
  if (series === undefined) return problem('not-found');
  const isPlain = input.format === 'deflate';
  const plan = planFrames(isPlain ? plainBands(series) : series.frames.map((frame) => frame.bands), input);
  const read = (piece: FramePiece): Promise<Uint8Array> => {
    const location = series.frames[piece.frame];
    if (location === undefined) throw new Error('a planned frame lies in its series');
    return isPlain
      ? readPlainPiece(ports, series, location, piece)
      : readFrameBytes(ports, location.object, location.offset + piece.from, piece.length);
  };
  return batch(ports, caller, series, plan, read);
}

async function* batch(
  ports: Ports,
  caller: StaffCaller | ShareCaller | PatientFilmCaller,
  series: SeriesLayout,
  plan: FramePlan,
  read: (piece: FramePiece) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const reading: Promise<Uint8Array>[] = [];
  const startReading = (i: number): void => {
    const piece = plan.pieces[i];
    if (piece === undefined) return;
    const bytes = read(piece);
    bytes.catch(() => {}); // a client that has left never awaits it; one that stays gets the error below
    reading.push(bytes);
  };
  for (let i = 0; i < readAhead; i++) startReading(i);
  for (const [i, piece] of plan.pieces.entries()) {
    const pending = reading.shift();
    if (pending === undefined) throw new Error('every planned frame is being read');
    let bytes: Uint8Array;
    try {
      bytes = await pending;
    } catch (cause) {
      await reportDamage(ports, caller, series, piece.frame, cause);
      throw cause;
    }
    startReading(i + readAhead);
    yield encodeFrameRecordHead(piece.frame, piece.from, bytes.length);
    yield bytes;
  }
  yield encodeFrameTrailer(plan.cursor);
}

async function reportDamage(
  ports: Ports,
  caller: StaffCaller | ShareCaller | PatientFilmCaller,
  series: SeriesLayout,
  frame: number,
  cause: unknown,
): Promise<void> {
  const reason = cause instanceof ProblemError ? cause.problem.problem : 'unexpected';
  const { seriesInstanceUid } = series.manifest;
  ports.log.error('frame-unreadable', { seriesInstanceUid, frame, reason, requestId: caller.requestId }, cause);
  await ports.audit.record(ports.database, {
    hospitalId: caller.hospitalId,
    actor: actorOf(caller),
    action: 'frames-read',
    object: { kind: 'object', id: series.frames[frame]?.object.objectKey ?? '' },
    outcome: 'failed',
    reason,
    requestId: caller.requestId,
  });
}
