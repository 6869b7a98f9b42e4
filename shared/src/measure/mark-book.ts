import { type FramePlace, isOnFrame, type Mark } from './mark';

/** One step of the history: for each mark what was there and what came instead; null is nothing. */
type Step = readonly { readonly id: string; readonly before: Mark | null; readonly after: Mark | null }[];

const deepest = 200;

/**
 * All marks of a film and the history of what this user did to them. Undo takes back the user's own steps only: marks that came from
 * the server meanwhile stay as they are.
 */
export class MarkBook {
  private all: readonly Mark[] = [];
  private past: Step[] = [];
  private future: Step[] = [];

  private readonly listeners = new Set<() => void>();

  /** Calls `listener` for every change from now on; answers what ends that. Several viewports may show one book. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** In the order they were drawn. */
  get marks(): readonly Mark[] {
    return this.all;
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  get canRedo(): boolean {
    return this.future.length > 0;
  }

  of(frame: FramePlace): readonly Mark[] {
    return this.all.filter((mark) => isOnFrame(mark, frame));
  }

  find(id: string): Mark | null {
    return this.all.find((mark) => mark.id === id) ?? null;
  }

  /** Adds a mark, or puts it in the place of the one with its id. */
  put(mark: Mark): void {
    this.take([{ id: mark.id, before: this.find(mark.id), after: mark }]);
  }

  remove(id: string): void {
    const before = this.find(id);
    if (before !== null) this.take([{ id, before, after: null }]);
  }

  /** Takes all that `isMeant` says away, in one step. */
  clear(isMeant: (mark: Mark) => boolean = () => true): void {
    const meant = this.all.filter(isMeant);
    if (meant.length > 0) this.take(meant.map((before) => ({ id: before.id, before, after: null })));
  }

  undo(): void {
    const step = this.past.pop();
    if (step === undefined) return;
    this.future.push(step);
    this.lay(step.map(({ id, before }) => ({ id, mark: before })));
  }

  redo(): void {
    const step = this.future.pop();
    if (step === undefined) return;
    this.past.push(step);
    this.lay(step.map(({ id, after }) => ({ id, mark: after })));
  }

  /** What is kept elsewhere: no step of the user, so that undo doesn't take it away. */
  load(marks: readonly Mark[]): void {
    this.all = marks;
    this.tell();
  }

  private take(step: Step): void {
    this.past.push(step);
    if (this.past.length > deepest) this.past.shift();
    this.future = [];
    this.lay(step.map(({ id, after }) => ({ id, mark: after })));
  }

  private lay(changes: readonly { readonly id: string; readonly mark: Mark | null }[]): void {
    const next = [...this.all];
    for (const { id, mark } of changes) {
      const at = next.findIndex((one) => one.id === id);
      if (mark === null) {
        if (at >= 0) next.splice(at, 1);
      } else if (at >= 0) next[at] = mark;
      else next.push(mark);
    }
    this.all = next;
    this.tell();
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
