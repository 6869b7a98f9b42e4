import type { Tool } from '@yingyun/shared/imaging/gesture-actions';
import { trimmed } from '@yingyun/shared/imaging/overlay-text';
import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import { make, makeSvg, setAttribute, setText } from './dom';
import { text } from './text-zh';
import { toolIcons } from './tool-icons';
import { windowChoices } from './window-choices';

const toolButtons = ['scroll', 'window', 'zoom', 'pan', 'measure'] as const satisfies readonly Tool[];

export interface Toolbar {
  readonly element: HTMLElement;
  /** Shows what is in hand, playing, inverted. */
  update(): void;
}

/** `onTool`: a tool is taken in hand. */
export function makeToolbar(session: ViewerSession, onTool: (tool: Tool) => void): Toolbar {
  const element = make('div', 'yv-toolbar');
  element.setAttribute('role', 'toolbar');
  element.setAttribute('aria-label', text.toolbar);
  const menu = make('div', 'yv-menu');
  menu.hidden = true;
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', text.presetMenu);
  const button = (name: keyof typeof toolIcons, press: () => void): HTMLButtonElement => {
    const made = make('button', 'yv-button', element);
    made.type = 'button';
    made.dataset.tool = name;
    const icon = makeSvg('svg', { viewBox: '0 0 24 24', 'aria-hidden': 'true' }, made);
    makeSvg('path', { d: toolIcons[name] }, icon);
    make('span', '', made, text.tools[name]);
    made.addEventListener('click', press);
    return made;
  };
  const tools = toolButtons.map((tool) => ({ tool, made: button(tool, () => onTool(tool)) }));
  const presets = button('presets', () => (menu.hidden ? openMenu() : closeMenu(true)));
  presets.setAttribute('aria-haspopup', 'menu');
  presets.setAttribute('aria-expanded', 'false');
  const cine = button('cine', () => session.toggleCine(performance.now()));
  button('rotate', () => session.rotate());
  button('mirrorH', () => session.mirrorLeftRight());
  button('mirrorV', () => session.mirrorUpDown());
  const invert = button('invert', () => session.invert());
  // There while any image of the film has a plane: a toolbar must not move under the thumb.
  const filmHasOverlays = session.film.series.some((one) =>
    [one.common, ...one.frames].some((frame) => (frame.overlays?.length ?? 0) > 0),
  );
  const overlays = filmHasOverlays ? button('overlays', () => session.toggleOverlays()) : null;
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
      if (overlays !== null) setAttribute(overlays, 'aria-pressed', String(session.showsOverlays));
      setAttribute(info, 'aria-pressed', String(session.showsInfo));
      setAttribute(cine, 'aria-pressed', String(session.isPlaying));
      const label = cine.querySelector('span');
      if (label !== null) setText(label, session.isPlaying ? text.tools.cineStop : text.tools.cine);
      cine.disabled = session.frameCount < 2;
    },
  };
}
