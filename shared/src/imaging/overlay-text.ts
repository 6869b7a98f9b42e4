import type { FilmManifest, FrameAttributes, LookupTable, SeriesManifest } from '../contract/film-manifest';
import type { VoiChoice } from './default-window';

/** Lines of the information overlay, a corner each, top to bottom. Words come from the surface's catalogue. */
export interface OverlayCorners {
  readonly topLeft: readonly string[];
  readonly topRight: readonly string[];
  readonly bottomLeft: readonly string[];
  readonly bottomRight: readonly string[];
}

export interface OverlayWords {
  readonly series: string;
  readonly image: string;
  readonly thickness: string;
  readonly position: string;
  readonly window: string;
  readonly level: string;
  /** For a VOI LUT without a name of its own. */
  readonly lut?: string;
  readonly zoom: string;
  readonly sex: Readonly<Record<FilmManifest['patient']['sex'], string>>;
  /** Words for an age as DICOM writes it (PS3.5 6.2, VR AS). */
  age(text: string): string;
}

/**
 * `view.isBrief`: the stage is small, and what stands beside every image anyway (hospital, exam, size) is left to the page around it.
 */
export function overlayText(
  film: Pick<FilmManifest, 'hospitalName' | 'examItem' | 'examAt' | 'patient'>,
  series: Pick<SeriesManifest, 'seriesNumber' | 'description' | 'modality' | 'frames'>,
  frame: { readonly index: number; readonly attributes: FrameAttributes; readonly isColour: boolean },
  view: { readonly window: VoiChoice | null; readonly scale: number; readonly isBrief?: boolean },
  words: OverlayWords,
): OverlayCorners {
  const { attributes } = frame;
  const z = attributes.imagePositionPatient?.[2];
  const present = (lines: readonly (string | null)[]) =>
    lines.filter((line): line is string => line !== null && line !== '');
  return {
    topLeft: present([
      [film.patient.name ?? film.patient.nameMasked, film.patient.patientId ?? '']
        .filter((part) => part !== '')
        .join(' '),
      [words.sex[film.patient.sex], words.age(film.patient.age)].filter((part) => part !== '').join(' '),
      film.examAt.slice(0, 16).replace('T', ' '),
    ]),
    topRight: present(
      view.isBrief === true ? [series.description] : [film.hospitalName, film.examItem, series.description],
    ),
    bottomLeft: present([
      series.seriesNumber === null ? series.modality : `${words.series} ${series.seriesNumber} · ${series.modality}`,
      `${words.image} ${frame.index + 1} / ${series.frames.length}`,
      attributes.sliceThickness === null ? null : `${words.thickness} ${trimmed(attributes.sliceThickness)} mm`,
      z === undefined ? null : `${words.position} ${z.toFixed(1)} mm`,
    ]),
    bottomRight: present([
      view.window === null || frame.isColour
        ? null
        : view.window.lut !== undefined
          ? lutName(attributes, view.window.lut, words.lut ?? 'VOI LUT')
          : windowWords(view.window, words),
      `${words.zoom} ${Math.round(view.scale * 100)}%`,
      view.isBrief === true ? null : `${attributes.columns} × ${attributes.rows}`,
    ]),
  };
}

/** Whole numbers, as on every console, where a fraction is less than a hundredth of the width. */
function windowWords({ width, center }: VoiChoice, words: OverlayWords): string {
  const written = width >= 100 ? (value: number) => `${Math.round(value)}` : trimmed;
  return `${words.window} ${written(width)} ${words.level} ${written(center)}`;
}

/** At most two decimals, none where it is whole; tiny numbers keep two significant digits. */
export function trimmed(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.1) return String(Number(value.toPrecision(2)));
  return String(Math.round(value * 100) / 100);
}

function lutName({ voiLuts }: FrameAttributes, lut: LookupTable, unnamed: string): string {
  const explanation = voiLuts.find((one) => one === lut)?.explanation ?? '';
  return explanation === '' ? unnamed : explanation;
}
