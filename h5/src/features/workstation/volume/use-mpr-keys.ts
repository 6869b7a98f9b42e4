import { keyAction } from '@yingyun/shared/imaging/gesture-actions';
import type { MprLayout, MprSession } from '@yingyun/shared/volume/mpr-session';
import type { SlabMode } from '@yingyun/shared/volume/reslice-plane';
import { useEffect, useRef } from 'react';

const modes: readonly SlabMode[] = ['max', 'min', 'mean'];
const turnRadians = (5 * Math.PI) / 180;
export const thickest = 60;

/** Keys of the planes, wherever the focus is but in a field. They come before the page's own, whose keys mean other things. */
export function useMprKeys(session: MprSession | undefined, onClose: () => void): void {
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const { target, key } = event;
      if (
        target instanceof HTMLSelectElement ||
        (target instanceof HTMLButtonElement && (key === ' ' || key === 'Enter'))
      )
        return;
      if (target instanceof HTMLInputElement && /^(Arrow|Page|Home|End)/.test(key)) return;
      if (target instanceof Element && target.closest('.scrolls') !== null) return;
      if (key === 'Escape') latest.current();
      else if (session === undefined || !isPressed(session, key)) return;
      event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [session]);
}

function isPressed(session: MprSession, key: string): boolean {
  const { active, slab } = session;
  if (/^[1-4]$/.test(key))
    session.set({ layout: Number(key) as MprLayout }); // just matched
  else if (key === 'm' || key === 'M')
    session.set({ slab: { ...slab, mode: modes[(modes.indexOf(slab.mode) + 1) % modes.length] ?? 'max' } });
  else if (key === '[' || key === ']') {
    const thicknessMm = Math.min(thickest, Math.max(0, slab.thicknessMm + (key === ']' ? 1 : -1)));
    session.set({ slab: { ...slab, thicknessMm } });
  } else if (key === 'r' || key === 'R') session.rotate(active, key === 'r' ? turnRadians : -turnRadians);
  else {
    const action = keyAction(key);
    if (action?.kind === 'step') session.scroll(active, action.frames);
    else if (action?.kind === 'zoom') session.zoom(active, action.factor);
    else if (action?.kind === 'invert') session.set({ isInverted: !session.isInverted });
    else if (action?.kind === 'reset') session.reset();
    // Mirrors and cine mean nothing here; the page below must not take them for its hidden images.
    else return action !== null;
  }
  return true;
}
