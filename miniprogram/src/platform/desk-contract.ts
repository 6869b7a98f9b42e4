import type { PointerSample, WheelSample } from '@yingyun/shared/imaging/gesture-actions';

/** What a mouse, its wheel and a keyboard do to the picture. Places are CSS pixels from its top left corner. */
export interface DeskListener {
  pointer(sample: Omit<PointerSample, 'kind' | 'timeMs'>): void;
  wheel(sample: WheelSample): void;
  /** True where the key means something here. */
  key(name: string): boolean;
}

/** Listens until the answer is called. */
export type ListenAtDesk = (elementId: string, listener: DeskListener) => () => void;
