/** What fingers, mouse and keys can mean. The recogniser makes these; a surface carries them out. */
export type Tool = 'scroll' | 'window' | 'zoom' | 'pan' | 'measure';

export type GestureAction =
  /** `dx`, `dy` from the start of the drag, in canvas pixels. 'cancel': undo what the drag did. */
  | {
      readonly kind: 'drag';
      readonly tool: Tool;
      readonly phase: 'start' | 'move' | 'end' | 'cancel';
      readonly x: number;
      readonly y: number;
      readonly dx: number;
      readonly dy: number;
      readonly isTouch: boolean;
    }
  /**
   * Two fingers, all against the start of the pinch, so that nothing drifts: take the placement of the start, zoom by
   * `factor` around (`anchorX`, `anchorY`), then move by (`dx`, `dy`).
   */
  | {
      readonly kind: 'pinch';
      readonly phase: 'start' | 'move' | 'end';
      readonly factor: number;
      readonly anchorX: number;
      readonly anchorY: number;
      readonly dx: number;
      readonly dy: number;
    }
  | { readonly kind: 'tap'; readonly x: number; readonly y: number }
  | { readonly kind: 'fit' }
  | { readonly kind: 'zoom-step'; readonly factor: number; readonly x: number; readonly y: number }
  | { readonly kind: 'step'; readonly frames: number };

/** A pointer event as every platform can state it: canvas pixels, milliseconds of one clock. */
export interface PointerSample {
  readonly phase: 'down' | 'move' | 'up' | 'cancel';
  readonly id: number;
  /** A pen is as fine as a mouse, and counts as one. */
  readonly kind: 'touch' | 'mouse';
  /** Of the 'down': 0 left (or finger), 1 middle, 2 right. */
  readonly button: 0 | 1 | 2;
  readonly x: number;
  readonly y: number;
  readonly timeMs: number;
}

export interface WheelSample {
  /** Canvas pixels, positive = away from the top; a mouse notch is about 100. */
  readonly deltaY: number;
  readonly hasCtrl: boolean;
  readonly x: number;
  readonly y: number;
}

/** Keyboard: `key` as the DOM's KeyboardEvent.key names it. */
export type KeyAction =
  | { readonly kind: 'step'; readonly frames: number }
  | { readonly kind: 'first' | 'last' | 'cine' | 'rotate' | 'mirror-h' | 'mirror-v' | 'invert' | 'reset' }
  | { readonly kind: 'zoom'; readonly factor: number };

export function keyAction(key: string): KeyAction | null {
  switch (key) {
    case 'ArrowDown':
    case 'ArrowRight':
      return { kind: 'step', frames: 1 };
    case 'ArrowUp':
    case 'ArrowLeft':
      return { kind: 'step', frames: -1 };
    case 'PageDown':
      return { kind: 'step', frames: 10 };
    case 'PageUp':
      return { kind: 'step', frames: -10 };
    case 'Home':
      return { kind: 'first' };
    case 'End':
      return { kind: 'last' };
    case ' ':
      return { kind: 'cine' };
    case 'r':
    case 'R':
      return { kind: 'rotate' };
    case 'h':
    case 'H':
      return { kind: 'mirror-h' };
    case 'v':
    case 'V':
      return { kind: 'mirror-v' };
    case 'i':
    case 'I':
      return { kind: 'invert' };
    case '0':
      return { kind: 'reset' };
    case '+':
    case '=':
      return { kind: 'zoom', factor: 1.25 };
    case '-':
      return { kind: 'zoom', factor: 0.8 };
    default:
      return null;
  }
}
