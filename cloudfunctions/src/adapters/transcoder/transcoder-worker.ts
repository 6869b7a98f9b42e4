import { move, transferableSymbol, valueSymbol } from 'piscina';
import { isProblem } from '@yingyun/shared/domain/problem';
import type { ArchivedInstance, ArchiveTask, VerifiedObject, VerifyTask } from '../../ports/transcoder';
import type { Problem } from '@yingyun/shared/domain/problem';
import { createTranscoderTasks, type TranscoderTasks } from './transcoder-tasks';

// The worker's entry, which piscina loads from dist. A worker thread is its module: what it keeps between two tasks (compiled codecs)
// has no other place. Made at the first task, so that loading this file does nothing.
const worker: { tasks: TranscoderTasks | undefined } = { tasks: undefined };

function tasks(): TranscoderTasks {
  worker.tasks ??= createTranscoderTasks();
  return worker.tasks;
}

export async function archive(task: ArchiveTask): Promise<ArchivedInstance | Problem> {
  const archived = await tasks().archive(task);
  if (isProblem(archived)) return archived;
  // A view into Node's buffer pool can't be transferred.
  const isWhole = archived.sealed.byteLength === archived.sealed.buffer.byteLength;
  const sealed = isWhole ? archived.sealed : new Uint8Array(archived.sealed);
  const answer = { ...archived, sealed };
  const transfer = { [transferableSymbol]: [sealed.buffer], [valueSymbol]: answer };
  return move(transfer as unknown as Parameters<typeof move>[0]) as unknown as ArchivedInstance; // piscina unwraps it on the other side; its types know one buffer only
}

export function verify(task: VerifyTask): Promise<VerifiedObject | Problem> {
  return tasks().verify(task);
}
