import type { KeptMark } from '@yingyun/shared/contract/mark-routes';
import { keptMark, markOf, mergedMarks } from '@yingyun/shared/measure/kept-marks';
import type { MarkBook } from '@yingyun/shared/measure/mark-book';
import type { StaffApi } from '../staff/staff-session';
import { newMarkId } from './new-mark-id';

/** What is said of it: nothing to keep yet, everything kept, on its way, or not kept and why it will be tried again. */
export type Keeping = 'none' | 'kept' | 'saving' | 'failed';

export interface MarkKeeper {
  readonly state: Keeping;
  /** Saves at once what is still to be saved, and ends. */
  close(): void;
}

interface Sheet {
  readonly version: number;
  readonly marks: readonly KeptMark[];
}

const pauseMs = 600;
const retryMs = 5000;

/**
 * Keeps an exam's book and the server's sheets the same: what is there comes in once, and each change goes out after a short pause, a
 * sheet a series. Where another doctor has saved meanwhile, both sheets are merged and nobody's marks are lost.
 */
export function keepMarks(api: StaffApi, filmId: string, book: MarkBook, onState: () => void): MarkKeeper {
  const sheets = new Map<string, Sheet>();
  let state: Keeping = 'none';
  let isRead = false;
  let isSaving = false;
  let isClosed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const become = (next: Keeping): void => {
    if (state === next) return;
    state = next;
    if (!isClosed) onState();
  };
  const drawnOn = (series: string) => book.marks.filter((mark) => mark.seriesInstanceUid === series).map(keptMark);
  const isChanged = (series: string) =>
    JSON.stringify(drawnOn(series)) !== JSON.stringify(sheets.get(series)?.marks ?? []);
  const changed = () =>
    [...new Set([...sheets.keys(), ...book.marks.map((mark) => mark.seriesInstanceUid)])].filter(isChanged);
  const later = (ms: number): void => {
    clearTimeout(timer);
    if (!isClosed) timer = setTimeout(() => void work(), ms);
  };

  /** Takes the server's sheets in, with what was drawn here since the last ones. */
  async function read(): Promise<boolean> {
    const result = await api.call('examMarks', { params: { filmId } });
    if (!result.ok) return false;
    const series = new Set([...result.value.sheets.map((sheet) => sheet.seriesInstanceUid), ...sheets.keys()]);
    let marks = book.marks;
    for (const uid of series) {
      const theirs = result.value.sheets.find((sheet) => sheet.seriesInstanceUid === uid);
      const merged = mergedMarks(sheets.get(uid)?.marks ?? [], drawnOn(uid), theirs?.marks ?? [], newMarkId);
      marks = [...marks.filter((mark) => mark.seriesInstanceUid !== uid), ...merged.map((mark) => markOf(mark, uid))];
      sheets.set(uid, theirs ?? { version: 0, marks: [] });
    }
    isRead = true;
    if (series.size > 0) book.load(marks);
    return true;
  }

  async function save(series: string): Promise<boolean> {
    const marks = drawnOn(series);
    const version = sheets.get(series)?.version ?? 0;
    const params = { filmId, seriesInstanceUid: series };
    const result = await api.call('saveExamMarks', { params, body: { version, marks } });
    if (result.ok) sheets.set(series, { version: result.value.version, marks });
    else if (result.code === 'marks-changed') return read();
    return result.ok;
  }

  async function work(): Promise<void> {
    if (isSaving) return;
    isSaving = true;
    let isFine = isRead || (await read());
    for (let turn = 0; isFine && turn < 6; turn++) {
      const [series] = changed();
      if (series === undefined) break;
      become('saving');
      isFine = await save(series);
    }
    isSaving = false;
    if (!isFine) later(retryMs);
    else if (changed().length > 0) later(pauseMs);
    become(!isFine ? 'failed' : book.marks.length > 0 || sheets.size > 0 ? 'kept' : 'none');
  }

  const stop = book.listen(() => {
    if (isRead && changed().length === 0) return;
    become('saving');
    later(pauseMs);
  });
  void work();
  return {
    get state() {
      return state;
    },
    close() {
      clearTimeout(timer);
      stop();
      if (isRead && changed().length > 0) void work();
      isClosed = true;
    },
  };
}
