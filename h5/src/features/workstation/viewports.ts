/** Which series stands where. Pure: the page keeps one of these and draws it. */
export type Layout = 1 | 2 | 4;

/** A series of an exam. */
export interface Placed {
  readonly filmId: string;
  readonly seriesInstanceUid: string;
}

export interface Viewports {
  readonly layout: Layout;
  /** Index of the viewport that keys and tools act on. */
  readonly active: number;
  /** The active viewport fills the page; the others wait behind it. */
  readonly isEnlarged: boolean;
  /** Always four; those beyond the layout keep their series for when it grows again. */
  readonly slots: readonly (Placed | undefined)[];
}

const slotCount = 4;

/** The first series in the only viewport, or each exam's first beside the other's. */
export function openingViewports(main: readonly Placed[], beside: readonly Placed[]): Viewports {
  const slots = [main[0], beside[0]];
  return fill({ layout: beside.length > 0 ? 2 : 1, active: 0, isEnlarged: false, slots }, [...main, ...beside]);
}

/** Fills viewports that show nothing with series that are shown nowhere. Those that are full stay. */
export function withLayout(viewports: Viewports, layout: Layout, all: readonly Placed[]): Viewports {
  const slots = [...viewports.slots];
  let { active } = viewports;
  // The image that is looked at stays on screen.
  if (active >= layout) [slots[0], slots[active], active] = [slots[active], slots[0], 0];
  return fill({ layout, active, isEnlarged: false, slots }, all);
}

/** Puts a series into a viewport, which becomes the active one. */
export function withSeries(viewports: Viewports, index: number, placed: Placed): Viewports {
  const slots = viewports.slots.map((slot, i) => (i === index ? placed : slot));
  return { ...viewports, slots, active: index };
}

export function withActive(viewports: Viewports, active: number): Viewports {
  return viewports.active === active ? viewports : { ...viewports, active };
}

/** A double click: this viewport alone, or all of them again. */
export function withEnlarged(viewports: Viewports, index: number): Viewports {
  if (viewports.layout === 1) return viewports;
  const isEnlarged = !(viewports.isEnlarged && viewports.active === index);
  return { ...viewports, active: index, isEnlarged };
}

export function isSame(one: Placed | undefined, other: Placed | undefined): boolean {
  return one?.filmId === other?.filmId && one?.seriesInstanceUid === other?.seriesInstanceUid;
}

function fill(viewports: Viewports, all: readonly Placed[]): Viewports {
  const slots = Array.from({ length: slotCount }, (_, i) => viewports.slots[i]);
  for (let i = 0; i < viewports.layout; i++) {
    const shown = slots.slice(0, viewports.layout);
    slots[i] ??= all.find((one) => !shown.some((slot) => isSame(slot, one)));
  }
  return { ...viewports, slots };
}
