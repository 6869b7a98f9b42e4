import { isProblem, type Problem, type ProblemCode, ProblemError } from '@yingyun/shared/domain/problem';
import type { HandlerOutcome } from '../ports/outbox';

/** Failures that pass by themselves. Every other problem is permanent: it waits for a person. */
const transient: readonly ProblemCode[] = ['out-of-space', 'storage-unavailable', 'key-unavailable', 'image-not-ready'];

/**
 * What the outbox does with a use case's result: an outcome stands as it is, a transient problem is tried again, any other problem rests as dead. What is
 * neither a result nor a problem is a bug, and thrown on: the runner tries it again a limited number of times.
 */
export async function outcomeOf(work: () => Promise<unknown>): Promise<HandlerOutcome> {
  try {
    const result = await work();
    if (isProblem(result)) return outcomeOfProblem(result);
    return isOutcome(result) ? result : { outcome: 'done' };
  } catch (cause) {
    if (cause instanceof ProblemError) return outcomeOfProblem(cause.problem);
    throw cause;
  }
}

function outcomeOfProblem(failed: Problem): HandlerOutcome {
  const reason = failed.detail === undefined ? failed.problem : `${failed.problem}: ${failed.detail}`;
  return { outcome: transient.includes(failed.problem) ? 'retry' : 'dead', reason };
}

function isOutcome(value: unknown): value is HandlerOutcome {
  return typeof value === 'object' && value !== null && 'outcome' in value;
}
