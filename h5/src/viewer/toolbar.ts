import type { Tool } from '@yingyun/shared/imaging/gesture-actions';
import { trimmed } from '@yingyun/shared/imaging/overlay-text';
import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import { make, makeSvg, setAttribute, setText } from './dom';
import { text } from './text-zh';
import { windowChoices } from './window-choices';

/** 24 × 24 outlines, drawn with a 1.8 stroke. */
const icons: Record<Exclude<keyof typeof text.tools, 'cineStop'>, string> = {
  scroll: 'M12 3v18M8 7l4-4 4 4M8 17l4 4 4-4',
  window: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18M14 8h5M14 12h6M14 16h5',
  zoom: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.5 15.5L21 21M10.5 7.5v6M7.5 10.5h6',
  pan: 'M12 3v18M3 12h18M9 6l3-3 3 3M9 18l3 3 3-3M6 9l-3 3 3 3M18 9l3 3-3 3',
  length: 'M3 15L15 3l6 6L9 21zM7 11l2 2M10 8l3 3M13 5l2 2',
  point: 'M12 2v6M12 16v6M2 12h6M16 12h6M12 11v2M11 12h2',
  cine: 'M7 4l13 8-13 8z',
  rotate: 'M20 12a8 8 0 1 1-2.5-5.8M20 3v5h-5',
  mirrorH: 'M12 3v18M9 7L3 17h6zM15 7l6 10h-6z',
  mirrorV: 'M3 12h18M7 9L17 3v6zM7 15l10 6v-6z',
  invert: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 3v18M12 7h6M12 12h9M12 17h6',
  presets: 'M4 6h16M4 12h16M4 18h16M8 4v4M15 10v4M10 16v4',
  info: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7v1',
  reset: 'M4 12a8 8 0 1 0 2.5-5.8M4 3v5h5M12 8v4l3 2',
};

const toolButtons = ['scroll', 'window', 'zoom', 'pan', 'length', 'point'] as const satisfies readonly Tool[];

export interface Toolbar {
  readonly element: HTMLElement;
  /** Shows what is in hand, playing, inverted. */
  update(): void;
}

export function makeToolbar(session: ViewerSession): Toolbar {
  const element = make('div', 'yv-toolbar');
  element.setAttribute('role', 'toolbar');
  element.setAttribute('aria-label', text.toolbar);
  const menu = make('div', 'yv-menu');
  menu.hidden = true;
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', text.presetMenu);
  const button = (name: keyof typeof icons, press: () => void): HTMLButtonElement => {
    const made = make('button', 'yv-button', element);
    made.type = 'button';
    made.dataset.tool = name;
    const icon = makeSvg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, made);
    makeSvg('path', { d: icons[name] }, icon);
    make('span', '', made, text.tools[name]);
    made.addEventListener('click', press);
    return made;
  };
  const tools = toolButtons.map((tool) => ({ tool, made: button(tool, () => session.setTool(tool)) }));
  const presets = button('presets', () => (menu.hidden ? openMenu() : closeMenu(true)));
  presets.setAttribute('aria-haspopup', 'menu');
  presets.setAttribute('aria-expanded', 'false');
  const cine = button('cine', () => session.toggleCine(performance.now()));
  button('rotate', () => session.rotate());
  button('mirrorH', () => session.mirrorLeftRight());
  button('mirrorV', () => session.mirrorUpDown());
  const invert = button('invert', () => session.invert());
  const info = button('info', () => {
    session.showsInfo = !session.showsInfo;
    session.setTool(session.tool);
  });
  button('reset', () => session.reset());
  element.append(menu);

  const closeMenu = (givesFocusBack: boolean): void => {
    menu.hidden = true;
    presets.setAttribute('aria-expanded', 'false');
    if (givesFocusBack) presets.focus();
  };
  const openMenu = (): void => {
    const items = windowChoices(session).map(({ name, window }) => {
      const item = make('button', 'yv-menu-item', undefined, name);
      item.type = 'button';
      item.setAttribute('role', 'menuitem');
      make('small', '', item, `${trimmed(window.width)} / ${trimmed(window.center)}`);
      item.addEventListener('click', () => {
        session.setWindow(window);
        closeMenu(true);
      });
      return item;
    });
    menu.replaceChildren(...items);
    menu.hidden = items.length === 0;
    presets.setAttribute('aria-expanded', String(!menu.hidden));
    items[0]?.focus();
  };
  menu.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') closeMenu(true);
    const items = [...menu.querySelectorAll('button')];
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      items[(items.indexOf(document.activeElement as HTMLButtonElement) + step + items.length) % items.length]?.focus(); // -1 where none: the ends
      event.preventDefault();
    }
    event.stopPropagation();
  });
  menu.addEventListener('focusout', (event) => {
    if (!menu.contains(event.relatedTarget as Node | null) && event.relatedTarget !== presets) closeMenu(false); // a node or nothing
  });

  return {
    element,
    update() {
      for (const { tool, made } of tools) setAttribute(made, 'aria-pressed', String(session.tool === tool));
      setAttribute(invert, 'aria-pressed', String(session.isInverted));
      setAttribute(info, 'aria-pressed', String(session.showsInfo));
      setAttribute(cine, 'aria-pressed', String(session.isPlaying));
      const label = cine.querySelector('span');
      if (label !== null) setText(label, session.isPlaying ? text.tools.cineStop : text.tools.cine);
      cine.disabled = session.frameCount < 2;
    },
  };
}
