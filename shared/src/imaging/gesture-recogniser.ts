import type { GestureAction, PointerSample, Tool, WheelSample } from './gesture-actions';

/** Distances in CSS-sized pixels; `pixelRatio` turns them into canvas pixels. */
const slop = { touch: 8, mouse: 3 };
const tapMs = 300;
const doubleTapMs = 320;
const doubleTapDistance = 40;
/** A second finger this soon after the first meant a pinch all along: what the first did is undone. */
const lateFingerMs = 180;
const wheelStep = 60;

interface Finger {
  readonly id: number;
  readonly downX: number;
  readonly downY: number;
  x: number;
  y: number;
}

type State =
  | { readonly at: 'idle' }
  /** One pointer is down and has not moved far enough to mean a drag. */
  | { readonly at: 'pressed'; readonly tool: Tool; readonly sample: PointerSample }
  | {
      readonly at: 'dragging';
      readonly tool: Tool;
      readonly startX: number;
      readonly startY: number;
      readonly sample: PointerSample;
    }
  | { readonly at: 'pinching'; readonly spread: number; readonly anchorX: number; readonly anchorY: number }
  /** After a pinch lost a finger: the rest mean nothing until all are up, so that nothing jumps. */
  | { readonly at: 'spent' };

/**
 * Pointer events in, actions out. Pure: no timers, no DOM. One finger is the current tool, two are pinch and pan at once
 * (exactly 1 : 1 around their middle), a double tap fits; middle mouse pans, right changes the window, the wheel steps,
 * ctrl + wheel zooms.
 */
export class GestureRecogniser {
  tool: Tool = 'scroll';
  private state: State = { at: 'idle' };
  private readonly fingers = new Map<number, Finger>();
  private lastTap: { timeMs: number; x: number; y: number } | undefined;
  private wheelRest = 0;

  constructor(private readonly pixelRatio: number) {}

  pointer(sample: PointerSample): GestureAction[] {
    switch (sample.phase) {
      case 'down':
        return this.down(sample);
      case 'move':
        return this.move(sample);
      case 'up':
      case 'cancel':
        return this.up(sample);
      default:
        return sample.phase satisfies never;
    }
  }

  wheel(sample: WheelSample): GestureAction[] {
    if (sample.hasCtrl) {
      this.wheelRest = 0;
      // A notch is ±100: about a quarter larger or smaller. A trackpad pinch sends many small ones.
      return [{ kind: 'zoom-step', factor: 2 ** (-sample.deltaY / 300), x: sample.x, y: sample.y }];
    }
    const isTurned = this.wheelRest !== 0 && Math.sign(this.wheelRest) !== Math.sign(sample.deltaY);
    this.wheelRest = (isTurned ? 0 : this.wheelRest) + sample.deltaY;
    const frames = Math.trunc(this.wheelRest / wheelStep);
    if (frames === 0) return [];
    // A mouse notch is one slice, however large the platform says it is.
    const isNotch = Math.abs(sample.deltaY) >= wheelStep;
    this.wheelRest = isNotch ? 0 : this.wheelRest - frames * wheelStep;
    return [{ kind: 'step', frames: isNotch ? Math.sign(frames) : frames }];
  }

  private down(sample: PointerSample): GestureAction[] {
    if (sample.kind === 'mouse' && this.fingers.size > 0) return [];
    this.fingers.set(sample.id, { id: sample.id, downX: sample.x, downY: sample.y, x: sample.x, y: sample.y });
    if (this.fingers.size === 1) {
      const tool = sample.button === 1 ? 'pan' : sample.button === 2 ? 'window' : this.tool;
      this.state = { at: 'pressed', tool, sample };
      return startsAtOnce(tool) ? this.startDrag(tool, sample, sample.x, sample.y) : [];
    }
    const ending = this.leaveForPinch(sample);
    return [...ending, ...this.startPinch()];
  }

  private move(sample: PointerSample): GestureAction[] {
    const finger = this.fingers.get(sample.id);
    if (finger === undefined) return [];
    finger.x = sample.x;
    finger.y = sample.y;
    const { state } = this;
    if (state.at === 'pressed') {
      const moved = Math.hypot(sample.x - finger.downX, sample.y - finger.downY);
      return moved < slop[sample.kind] * this.pixelRatio
        ? []
        : this.startDrag(state.tool, state.sample, sample.x, sample.y);
    }
    if (state.at === 'dragging') return [this.drag(state, 'move', sample.x, sample.y)];
    if (state.at === 'pinching') return [this.pinch(state, 'move')];
    return [];
  }

  private up(sample: PointerSample): GestureAction[] {
    const finger = this.fingers.get(sample.id);
    if (finger === undefined) return [];
    const { state } = this;
    const actions: GestureAction[] = [];
    if (state.at === 'dragging')
      actions.push(this.drag(state, sample.phase === 'cancel' ? 'cancel' : 'end', sample.x, sample.y));
    if (state.at === 'pinching') actions.push(this.pinch(state, 'end'));
    if (state.at === 'pressed' || (state.at === 'dragging' && isStill(finger, sample, this.pixelRatio))) {
      if (sample.phase === 'up') actions.push(...this.tapped(state.sample, sample));
    }
    this.fingers.delete(sample.id);
    if (this.fingers.size === 0) this.state = { at: 'idle' };
    else if (this.fingers.size === 1 || state.at !== 'pinching') this.state = { at: 'spent' };
    else actions.push(...this.startPinch());
    return actions;
  }

  private startDrag(tool: Tool, sample: PointerSample, x: number, y: number): GestureAction[] {
    // What is measured begins where the finger went down; the others where the slop ended, so that nothing jumps.
    const state = { at: 'dragging', tool, startX: x, startY: y, sample } as const;
    this.state = state;
    return [this.drag(state, 'start', x, y)];
  }

  private drag(
    state: Extract<State, { at: 'dragging' }>,
    phase: 'start' | 'move' | 'end' | 'cancel',
    x: number,
    y: number,
  ): GestureAction {
    const { tool, startX, startY, sample } = state;
    return { kind: 'drag', tool, phase, x, y, dx: x - startX, dy: y - startY, isTouch: sample.kind === 'touch' };
  }

  private leaveForPinch(second: PointerSample): GestureAction[] {
    const { state } = this;
    if (state.at === 'pinching') return [this.pinch(state, 'end')];
    if (state.at !== 'dragging') return [];
    const wasMeant = second.timeMs - state.sample.timeMs > lateFingerMs && !startsAtOnce(state.tool);
    const finger = this.fingers.get(state.sample.id);
    return [this.drag(state, wasMeant ? 'end' : 'cancel', finger?.x ?? state.startX, finger?.y ?? state.startY)];
  }

  private startPinch(): GestureAction[] {
    const [one, other] = [...this.fingers.values()];
    if (one === undefined || other === undefined) return [];
    const state = {
      at: 'pinching',
      spread: spread(one, other),
      anchorX: (one.x + other.x) / 2,
      anchorY: (one.y + other.y) / 2,
    } as const;
    this.state = state;
    this.lastTap = undefined;
    return [this.pinch(state, 'start')];
  }

  private pinch(state: Extract<State, { at: 'pinching' }>, phase: 'start' | 'move' | 'end'): GestureAction {
    const [one, other] = [...this.fingers.values()];
    if (one === undefined || other === undefined) {
      return { kind: 'pinch', phase, factor: 1, anchorX: state.anchorX, anchorY: state.anchorY, dx: 0, dy: 0 };
    }
    return {
      kind: 'pinch',
      phase,
      factor: spread(one, other) / state.spread,
      anchorX: state.anchorX,
      anchorY: state.anchorY,
      dx: (one.x + other.x) / 2 - state.anchorX,
      dy: (one.y + other.y) / 2 - state.anchorY,
    };
  }

  private tapped(down: PointerSample, up: PointerSample): GestureAction[] {
    if (up.timeMs - down.timeMs > tapMs || down.button !== 0) return [];
    const last = this.lastTap;
    const isSecond =
      last !== undefined &&
      up.timeMs - last.timeMs < doubleTapMs &&
      Math.hypot(up.x - last.x, up.y - last.y) < doubleTapDistance * this.pixelRatio;
    this.lastTap = isSecond ? undefined : { timeMs: up.timeMs, x: up.x, y: up.y };
    return isSecond ? [{ kind: 'fit' }] : [{ kind: 'tap', x: up.x, y: up.y }];
  }
}

/** Answers to the touch itself, not to its movement. */
function startsAtOnce(tool: Tool): boolean {
  return tool === 'measure';
}

function isStill(finger: Finger, sample: PointerSample, pixelRatio: number): boolean {
  return Math.hypot(sample.x - finger.downX, sample.y - finger.downY) < slop[sample.kind] * pixelRatio;
}

function spread(one: Finger, other: Finger): number {
  return Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
}
