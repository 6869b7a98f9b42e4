import { apiBase } from './api-base';
import type { AskFrames } from './frames-contract';

/** Over fetch: the body is handed on while it streams in. */
export const askFrames: AskFrames = (path, token, onChunk) => {
  const aborter = new AbortController();
  const ask = async (): Promise<{ status: number; code: string }> => {
    const response = await fetch(`${apiBase}${path}`, {
      headers: { authorization: `Bearer ${token}` },
      credentials: 'same-origin',
      cache: 'no-store',
      redirect: 'error',
      signal: aborter.signal,
    });
    if (!response.ok) {
      const told: unknown = await response.json().catch(() => null);
      const code = typeof told === 'object' && told !== null && 'code' in told ? String(told.code) : '';
      return { status: response.status, code };
    }
    if (response.body === null) onChunk(new Uint8Array(await response.arrayBuffer()));
    const reader = response.body?.getReader();
    for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read())
      onChunk(part.value);
    return { status: response.status, code: '' };
  };
  return { done: ask().catch(() => ({ status: 0, code: 'offline' })), abort: () => aborter.abort() };
};

/** Bytes of one answer: streamed, so that a large one shows its first frame as soon as a small one. */
export const answerBytes = 1_048_576;
