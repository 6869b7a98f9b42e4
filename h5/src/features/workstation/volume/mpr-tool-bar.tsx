import type { SeriesManifest } from '@yingyun/shared/contract/film-manifest';
import { windowPresets } from '@yingyun/shared/imaging/window-presets';
import type { VolumePlan } from '@yingyun/shared/volume/find-volumes';
import type { MprLayout, MprTool } from '@yingyun/shared/volume/mpr-session';
import type { SlabMode } from '@yingyun/shared/volume/reslice-plane';
import { toolIcons } from '../../../viewer/tool-icons';
import type { MprStage } from './mpr-stage';
import { text } from './text-zh';
import { thickest } from './use-mpr-keys';

const tools: readonly (readonly [MprTool, string])[] = [
  ['crosshair', 'M12 2v7M12 15v7M2 12h7M15 12h7'],
  ['scroll', toolIcons.scroll],
  ['window', toolIcons.window],
  ['zoom', toolIcons.zoom],
  ['pan', toolIcons.pan],
  ['length', 'M3 15L15 3l6 6L9 21zM7 11l2 2M10 8l3 3M13 5l2 2'],
];

const layouts: readonly (readonly [MprLayout, string])[] = [
  [1, 'M4 5h16v14H4z'],
  [2, 'M4 5h16v14H4zM12 5v14'],
  [3, 'M4 5h16v14H4zM13 5v14M13 12h7'],
  [4, 'M4 5h16v14H4zM12 5v14M4 12h16'],
];

interface MprToolBarProps {
  readonly series: SeriesManifest | undefined;
  readonly stage: MprStage | undefined;
  readonly volumes: readonly VolumePlan[];
  readonly chosen: number;
  readonly onChoose: (index: number) => void;
  readonly onClose: () => void;
}

/** Back, layouts, tools, windows, the slab, and what acts at once. */
export function MprToolBar({ series, stage, volumes, chosen, onChoose, onClose }: MprToolBarProps) {
  const session = stage?.session;
  const slab = session?.slab ?? { mode: 'max', thicknessMm: 0 };
  return (
    <div className="tool-bar mpr-tools" role="toolbar" aria-label={text.toolbar}>
      <Tool name={text.close} path="M19 12H5M11 6l-6 6 6 6" onPress={onClose} />
      <div className="tool-group" role="group" aria-label={text.layout}>
        {layouts.map(([layout, path]) => (
          <Tool
            key={layout}
            name={text.layouts[layout]}
            path={path}
            isPressed={session?.layout === layout}
            onPress={() => session?.set({ layout })}
          />
        ))}
      </div>
      <div className="tool-group">
        {tools.map(([tool, path]) => (
          <Tool
            key={tool}
            name={text.tools[tool]}
            path={path}
            isPressed={session?.tool === tool}
            onPress={() => session?.set({ tool })}
          />
        ))}
      </div>
      <div className="tool-group mpr-slab-tools">
        <select
          aria-label={text.slab}
          value={slab.mode}
          onChange={(event) => session?.set({ slab: { ...slab, mode: event.target.value as SlabMode } })} // the options below
        >
          {(Object.keys(text.slabs) as SlabMode[]).map(
            (
              mode, // its keys are the modes
            ) => (
              <option key={mode} value={mode}>
                {text.slabs[mode]}
              </option>
            ),
          )}
        </select>
        <label className="mpr-thickness">
          {text.thickness}
          <input
            type="range"
            min={0}
            max={thickest}
            step={1}
            value={slab.thicknessMm}
            aria-valuetext={slab.thicknessMm === 0 ? text.noThickness : text.millimetres(slab.thicknessMm)}
            onChange={(event) => session?.set({ slab: { ...slab, thicknessMm: Number(event.target.value) } })}
          />
          <output>{slab.thicknessMm === 0 ? text.noThickness : text.millimetres(slab.thicknessMm)}</output>
        </label>
      </div>
      <div className="tool-group">
        <Windows series={series} stage={stage} />
        <Tool
          name={text.invert}
          path={toolIcons.invert}
          isPressed={session?.isInverted === true}
          onPress={() => session?.set({ isInverted: !session.isInverted })}
        />
        <Tool name={text.clear} path="M5 7h14M10 4h4M7 7l1 13h8l1-13" onPress={() => session?.clearLengths()} />
        <Tool
          name={text.info}
          path={toolIcons.info}
          isPressed={session?.showsInfo === true}
          onPress={() => session?.set({ showsInfo: !session.showsInfo })}
        />
        <Tool name={text.reset} path={toolIcons.reset} onPress={() => session?.reset()} />
      </div>
      {volumes.length > 1 && (
        <select aria-label={text.volumes} value={chosen} onChange={(event) => onChoose(Number(event.target.value))}>
          {volumes.map((plan, i) => (
            <option key={plan.frames[0]} value={i}>
              {text.volume(i + 1, plan.frames.length)}
            </option>
          ))}
        </select>
      )}
      <details className="help">
        <summary className="tool">?</summary>
        <dl className="help-list" aria-label={text.help}>
          {text.keys.map(([keys, words]) => (
            <div key={keys}>
              <dt>{keys}</dt>
              <dd>{words}</dd>
            </div>
          ))}
        </dl>
      </details>
    </div>
  );
}

/** A select, and not a menu of our own: on a phone the system's list is the larger one. */
function Windows({ series, stage }: Pick<MprToolBarProps, 'series' | 'stage'>) {
  if (series === undefined || stage === undefined) return null;
  const presets = windowPresets(series, stage.volume.plan.attributes, null).filter(
    ({ window }) => window.lut === undefined,
  );
  const now = stage.session.look.window;
  const at = presets.findIndex(({ window }) => window.center === now.center && window.width === now.width);
  return (
    <select
      aria-label={text.presets}
      value={at}
      onChange={(event) => {
        const preset = presets[Number(event.target.value)];
        if (preset === undefined) return;
        stage.session.setWindow(preset.window);
        if (preset.window.isInverted !== undefined) stage.session.set({ isInverted: preset.window.isInverted });
      }}
    >
      <option value={-1} disabled>
        {text.presets}
      </option>
      {presets.map(({ key, name, window }, i) => (
        <option key={`${key} ${name} ${window.center} ${window.width}`} value={i}>
          {name === '' ? text.presetNames[key] : name} {Math.round(window.width)}/{Math.round(window.center)}
        </option>
      ))}
    </select>
  );
}

interface ToolProps {
  readonly name: string;
  readonly path: string;
  readonly isPressed?: boolean;
  readonly onPress: () => void;
}

function Tool({ name, path, isPressed, onPress }: ToolProps) {
  return (
    <button className="tool" type="button" aria-pressed={isPressed} onClick={onPress}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={path} />
      </svg>
      <span>{name}</span>
    </button>
  );
}
