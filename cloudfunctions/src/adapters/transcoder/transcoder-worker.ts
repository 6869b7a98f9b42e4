import type { Problem } from '@yingyun/shared/domain/problem';
import { isProblem } from '@yingyun/shared/domain/problem';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import type { ArchivedInstance, ArchiveTask, PlainTask, VerifiedObject, VerifyTask } from '../../ports/transcoder';
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
  const sealed = transferable(archived.sealed);
  // A rendition is rare, and copied.
  const answer = { ...archived, sealed };
  const transfer = { [transferableSymbol]: [sealed.buffer], [valueSymbol]: answer };
  return move(transfer as unknown as Parameters<typeof move>[0]) as unknown as ArchivedInstance; // piscina unwraps it on the other side; its types know one buffer only
}

/** A view into Node's buffer pool can't be transferred. */
function transferable(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

export async function plainSamples(task: PlainTask): Promise<Uint8Array | Problem> {
  const plain = await tasks().plainSamples(task);
  if (isProblem(plain)) return plain;
  const own = transferable(plain);
  const transfer = { [transferableSymbol]: [own.buffer], [valueSymbol]: own };
  return move(transfer as unknown as Parameters<typeof move>[0]) as unknown as Uint8Array; // as above
}

export function verify(task: VerifyTask): Promise<VerifiedObject | Problem> {
  return tasks().verify(task);
}
