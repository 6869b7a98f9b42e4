/** What both platforms tell of a finger: WeChat's canvas gives `x`/`y`, everything else client coordinates. */
interface Finger {
  readonly identifier: number;
  readonly clientX?: number;
  readonly clientY?: number;
  readonly x?: number;
  readonly y?: number;
}

export interface TouchLike {
  readonly timeStamp?: number;
  readonly changedTouches?: ArrayLike<unknown>;
}

/** The fingers an event is about, in CSS pixels of the window. */
export function fingersOf(event: TouchLike): { readonly id: number; readonly x: number; readonly y: number }[] {
  return Array.from((event.changedTouches ?? []) as ArrayLike<Finger>).map((finger) => ({
    id: finger.identifier,
    x: finger.clientX ?? finger.x ?? 0,
    y: finger.clientY ?? finger.y ?? 0,
  }));
}
