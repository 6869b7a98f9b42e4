/**
 * Asks a frames route. Hands over what arrives of a good answer; `done` never rejects: status 0 where the line broke.
 * After `abort` neither matters.
 */
export type AskFrames = (
  path: string,
  token: string,
  onChunk: (bytes: Uint8Array) => void,
) => { readonly done: Promise<{ readonly status: number; readonly code: string }>; abort(): void };
