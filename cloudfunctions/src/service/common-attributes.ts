import type { FrameAttributes } from '@yingyun/shared/contract/film-manifest';

type Mutable = { -readonly [K in keyof FrameAttributes]?: FrameAttributes[K] };

/** Splits frames into what they all share and what is left of each: a manifest says a thing once. */
export function factorOut(frames: readonly FrameAttributes[]): {
  readonly common: Partial<FrameAttributes>;
  readonly rest: readonly Partial<FrameAttributes>[];
} {
  const common: Mutable = {};
  const rest: Mutable[] = frames.map(() => ({}));
  const first = frames[0];
  if (first === undefined) return { common, rest };
  for (const name of Object.keys(first) as (keyof FrameAttributes)[]) {
    // an object of this type has these keys
    if (frames.every((frame) => isSame(frame[name], first[name]))) copy(common, first, name);
    else frames.forEach((frame, i) => copy(rest[i] ?? {}, frame, name));
  }
  return { common, rest };
}

function copy<K extends keyof FrameAttributes>(target: Mutable, from: FrameAttributes, name: K): void {
  target[name] = from[name];
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);
}
