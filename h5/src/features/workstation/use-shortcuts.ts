import { type KeyAction, keyAction } from '@yingyun/shared/imaging/gesture-actions';
import { useEffect, useRef } from 'react';
import type { Layout } from './viewports';

interface Shortcuts {
  readonly onLayout: (layout: Layout) => void;
  readonly onPress: (action: KeyAction) => void;
  readonly onBack: () => void;
}

/** Keys of the exam page, wherever the focus is but in a field. What a viewer or a menu has taken is left alone. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const { target, key } = event;
      if (target instanceof HTMLInputElement && target.type !== 'range') return;
      if (target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return;
      // A focused button answers to these, the slice bar to arrows: theirs first.
      if (target instanceof HTMLButtonElement && (key === ' ' || key === 'Enter')) return;
      if (target instanceof HTMLInputElement && /^(Arrow|Page|Home|End)/.test(key)) return;
      if (target instanceof Element && target.closest('.scrolls') !== null && /^(Arrow|Page|Home|End| )/.test(key))
        return;
      if (key === '1' || key === '2' || key === '4') return latest.current.onLayout(Number(key) as Layout); // just compared
      if (key === 'Escape') return latest.current.onBack();
      const action = keyAction(key);
      if (action === null) return;
      event.preventDefault();
      latest.current.onPress(action);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
