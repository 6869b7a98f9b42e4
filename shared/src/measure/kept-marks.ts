import type { KeptMark } from '../contract/mark-routes';
import { imageXy } from '../imaging/viewport';
import type { Mark } from './mark';

/** As a mark travels and is kept: points in pairs, to a thousandth of a pixel. */
export function keptMark(mark: Mark): KeptMark {
  const { id, kind, sopInstanceUid, frameNumber, reach, text, millimetres } = mark;
  const fine = (value: number) => Math.round(value * 1000) / 1000;
  const points = mark.points.map(({ x, y }): [number, number] => [fine(x), fine(y)]);
  return { id, kind, sopInstanceUid, frameNumber, reach, points, text, millimetres };
}

export function markOf(kept: KeptMark, seriesInstanceUid: string): Mark {
  return { ...kept, seriesInstanceUid, points: kept.points.map(([x, y]) => imageXy(x, y)) };
}

/**
 * What two doctors have made of one sheet: each mark as whoever changed it left it. One that both changed is there twice, theirs under its
 * id and mine under a new one; one that one of them changed and the other took away stays.
 */
export function mergedMarks(
  base: readonly KeptMark[],
  mine: readonly KeptMark[],
  theirs: readonly KeptMark[],
  newId: () => string,
): KeptMark[] {
  const of = (marks: readonly KeptMark[]) => new Map(marks.map((mark) => [mark.id, mark]));
  const [before, here, there] = [of(base), of(mine), of(theirs)];
  const isSame = (one: KeptMark | undefined, other: KeptMark | undefined) =>
    JSON.stringify(one) === JSON.stringify(other);
  const merged: KeptMark[] = [];
  for (const id of new Set([...there.keys(), ...here.keys()])) {
    const [old, my, their] = [before.get(id), here.get(id), there.get(id)];
    const isMineChanged = !isSame(my, old);
    const isTheirsChanged = !isSame(their, old);
    if (my !== undefined && their !== undefined && isMineChanged && isTheirsChanged && !isSame(my, their))
      merged.push(their, { ...my, id: newId() });
    else if (isTheirsChanged) merged.push(...present(their ?? (isMineChanged ? my : undefined)));
    else merged.push(...present(my));
  }
  return merged;
}

function present(mark: KeptMark | undefined): KeptMark[] {
  return mark === undefined ? [] : [mark];
}
