import type { FrameAttributes, SeriesManifest } from '../contract/film-manifest';
import type { DecodedFrame } from './decoded-frame';
import { lutChoice, openingWindow, type VoiChoice } from './default-window';
import { fullRangeWindow } from './voi-window';

/** A choice of the window menu. `key` is a catalogue key for the built-in ones, '' where `name` is the hospital's or the object's own. */
export interface WindowPreset {
  readonly key:
    | ''
    | 'lung'
    | 'mediastinum'
    | 'bone'
    | 'brain'
    | 'abdomen'
    | 'full-range'
    | 'lut'
    | 'inverse-grey'
    | 'grey';
  readonly name: string;
  readonly window: VoiChoice;
}

const ctPresets: readonly { key: WindowPreset['key']; center: number; width: number }[] = [
  { key: 'lung', center: -600, width: 1500 },
  { key: 'mediastinum', center: 40, width: 400 },
  { key: 'bone', center: 400, width: 2000 },
  { key: 'brain', center: 40, width: 80 },
  { key: 'abdomen', center: 50, width: 350 },
];

/**
 * The object's own windows and VOI LUTs, the series' presets, the usual ones of CT (in HU only), both ways round of counts (PET and
 * bone scans are read dark on light), and the frame's full range.
 */
export function windowPresets(
  series: Pick<SeriesManifest, 'modality' | 'windowPresets'>,
  attributes: FrameAttributes,
  frame: DecodedFrame | null,
): WindowPreset[] {
  const shape = attributes.voiLutFunction;
  const presets: WindowPreset[] = attributes.voi
    .filter((voi) => voi.width > 0)
    .map((voi) => ({ key: '', name: voi.explanation, window: { center: voi.center, width: voi.width, shape } }));
  for (const lut of attributes.voiLuts)
    presets.push({ key: lut.explanation === '' ? 'lut' : '', name: lut.explanation, window: lutChoice(lut) });
  for (const preset of series.windowPresets) {
    presets.push({
      key: '',
      name: preset.name,
      window: { center: preset.center, width: preset.width, shape: 'LINEAR' },
    });
  }
  const isHounsfield = series.modality === 'CT' && (attributes.rescaleType === 'HU' || attributes.rescaleType === '');
  if (isHounsfield) {
    for (const { key, center, width } of ctPresets)
      presets.push({ key, name: '', window: { center, width, shape: 'LINEAR' } });
  }
  if (series.modality === 'PT' || series.modality === 'NM') {
    const grey = frame?.kind === 'grey' ? frame : null;
    const window = openingWindow({ ...attributes, voi: [], voiLuts: [] }, grey, series.modality);
    presets.push({ key: 'inverse-grey', name: '', window: { ...window, isInverted: true } });
    presets.push({ key: 'grey', name: '', window: { ...window, isInverted: false } });
  }
  if (frame !== null && frame.kind === 'grey')
    presets.push({ key: 'full-range', name: '', window: fullRangeWindow(attributes, frame) });
  // Objects repeat their windows, and hospitals set what objects have: each choice stands once.
  return presets.filter(
    (preset, i) =>
      presets.findIndex((other) => isSame(other.window, preset.window)) === i || preset.key === 'full-range',
  );
}

function isSame(one: VoiChoice, other: VoiChoice): boolean {
  const isSameWay = one.isInverted === other.isInverted && one.lut === other.lut;
  return isSameWay && one.center === other.center && one.width === other.width && one.shape === other.shape;
}
