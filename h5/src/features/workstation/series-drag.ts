import type { Placed } from './viewports';

const kind = 'application/x-yingyun-series';

/** Puts a series on its way to a viewport. UIDs only: another page that catches it learns no name. */
export function dragSeries(transfer: DataTransfer, { filmId, seriesInstanceUid }: Placed): void {
  transfer.setData(kind, `${filmId} ${seriesInstanceUid}`);
  transfer.effectAllowed = 'copy';
}

export function isSeriesDrag(transfer: DataTransfer): boolean {
  return transfer.types.includes(kind);
}

export function draggedSeries(transfer: DataTransfer): Placed | undefined {
  const parts = /^([0-9a-f-]{8,64}) ([0-9.]{1,64})$/i.exec(transfer.getData(kind));
  return parts?.[1] === undefined || parts[2] === undefined
    ? undefined
    : { filmId: parts[1], seriesInstanceUid: parts[2] };
}
