import type { KeyAction, Tool } from '@yingyun/shared/imaging/gesture-actions';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { text as viewerText } from '../../viewer/text-zh';
import { toolIcons } from '../../viewer/tool-icons';
import type { ViewerState } from '../../viewer/viewer-contract';
import type { WindowChoice } from '../../viewer/window-choices';
import { text } from './text-zh';
import type { Layout } from './viewports';

const tools = ['scroll', 'window', 'zoom', 'pan', 'measure'] as const satisfies readonly Tool[];
const actions = [
  ['rotate', { kind: 'rotate' }],
  ['mirrorH', { kind: 'mirror-h' }],
  ['mirrorV', { kind: 'mirror-v' }],
  ['invert', { kind: 'invert' }],
  ['reset', { kind: 'reset' }],
] as const satisfies readonly (readonly [keyof typeof toolIcons, KeyAction])[];

interface ToolBarProps {
  readonly tool: Tool;
  readonly showsInfo: boolean;
  /** Of the active viewport. */
  readonly state: ViewerState | undefined;
  readonly layout: Layout;
  /** Fewer than two: no choice is shown. */
  readonly layouts: readonly Layout[];
  readonly onTool: (tool: Tool) => void;
  readonly onPress: (action: KeyAction) => void;
  readonly onWindow: (choice: WindowChoice) => void;
  readonly onInfo: () => void;
  readonly onOverlays: () => void;
  readonly onLayout: (layout: Layout) => void;
  /** Viewports scroll in step. */
  readonly isLinked: boolean;
  readonly onLink: () => void;
  /** Further ways to look at the series. */
  readonly children?: ReactNode;
}

/** Tools, what acts at once, presets and layouts: of the active viewport. */
export function ToolBar(props: ToolBarProps) {
  const { tool, state, layout, layouts } = props;
  const cine = state?.isPlaying === true ? 'cineStop' : 'cine';
  return (
    <div className="tool-bar" role="toolbar" aria-label={text.tools}>
      {layouts.length > 1 && (
        <div className="tool-group" role="group" aria-label={text.layout}>
          {layouts.map((one) => (
            <button
              key={one}
              className="tool tool-layout"
              type="button"
              title={`${text.layouts[one]}（${one}）`}
              aria-label={text.layouts[one]}
              aria-pressed={layout === one}
              onClick={() => props.onLayout(one)}
            >
              <Icon path={layoutIcons[one]} />
              <span>{text.layouts[one]}</span>
            </button>
          ))}
          <button
            className="tool"
            type="button"
            title={text.linkHint}
            aria-pressed={props.isLinked}
            disabled={layout === 1}
            onClick={props.onLink}
          >
            <Icon path={linkIcon} />
            <span>{text.link}</span>
          </button>
        </div>
      )}
      <div className="tool-group">
        {tools.map((one) => (
          <ToolButton key={one} name={one} isPressed={tool === one} onPress={() => props.onTool(one)} />
        ))}
      </div>
      <div className="tool-group">
        <Presets choices={state?.windowChoices ?? []} onChoose={props.onWindow} />
        <button
          className="tool"
          type="button"
          aria-pressed={state?.isPlaying === true}
          disabled={(state?.frameCount ?? 0) < 2}
          onClick={() => props.onPress({ kind: 'cine' })}
        >
          <Icon path={toolIcons.cine} />
          <span>{viewerText.tools[cine]}</span>
        </button>
        {actions.map(([name, action]) => (
          <ToolButton
            key={name}
            name={name}
            {...(name === 'invert' ? { isPressed: state?.isInverted === true } : {})}
            onPress={() => props.onPress(action)}
          />
        ))}
        {state?.hasOverlays === true && (
          <ToolButton name="overlays" isPressed={state.showsOverlays} onPress={props.onOverlays} />
        )}
        <ToolButton name="info" isPressed={props.showsInfo} onPress={props.onInfo} />
        {props.children}
      </div>
    </div>
  );
}

const layoutIcons: Readonly<Record<Layout, string>> = {
  1: 'M4 5h16v14H4z',
  2: 'M4 5h16v14H4zM12 5v14',
  4: 'M4 5h16v14H4zM12 5v14M4 12h16',
};

const linkIcon =
  'M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1.5 1.5M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1.5-1.5';

export function Icon({ path }: { readonly path: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true">
      <path d={path} />
    </svg>
  );
}

interface ToolButtonProps {
  readonly name: keyof typeof toolIcons;
  readonly isPressed?: boolean;
  readonly onPress: () => void;
}

function ToolButton({ name, isPressed, onPress }: ToolButtonProps) {
  return (
    <button className="tool" type="button" data-tool={name} aria-pressed={isPressed} onClick={onPress}>
      <Icon path={toolIcons[name]} />
      <span>{viewerText.tools[name]}</span>
    </button>
  );
}

interface PresetsProps {
  readonly choices: readonly WindowChoice[];
  readonly onChoose: (choice: WindowChoice) => void;
}

function Presets({ choices, onChoose }: PresetsProps) {
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    box.current?.querySelector<HTMLButtonElement>('[role="menuitem"]')?.focus();
    const away = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [isOpen]);
  const close = () => {
    setOpen(false);
    opener.current?.focus();
  };
  return (
    <div
      ref={box}
      className="presets"
      onKeyDown={(event) => {
        if (!isOpen) return;
        const items = [...(box.current?.querySelectorAll<HTMLButtonElement>('[role="menuitem"]') ?? [])];
        const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
        if (event.key === 'Escape') close();
        const at = items.indexOf(document.activeElement as HTMLButtonElement); // -1 where it is none of them
        if (step !== 0) items[(at + step + items.length) % items.length]?.focus();
        if (step !== 0 || event.key === 'Escape') event.preventDefault();
      }}
    >
      <button
        ref={opener}
        className="tool"
        type="button"
        aria-haspopup="menu"
        aria-expanded={isOpen}
        disabled={choices.length === 0}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon path={toolIcons.presets} />
        <span>{text.windowPresets}</span>
      </button>
      {isOpen && (
        <div className="menu" role="menu" aria-label={text.windowPresets}>
          {choices.map((choice) => (
            <button
              key={`${choice.name} ${choice.window.width} ${choice.window.center}`}
              type="button"
              role="menuitem"
              onClick={() => {
                onChoose(choice);
                close();
              }}
            >
              {choice.name}
              <small>
                {Math.round(choice.window.width)} / {Math.round(choice.window.center)}
              </small>
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
