import type { SeriesManifest } from '@yingyun/shared/contract/film-manifest';

type Preset = SeriesManifest['windowPresets'][number];

const lung: Preset = { name: '肺窗', center: -600, width: 1500 };
const mediastinum: Preset = { name: '纵隔窗', center: 40, width: 400 };
const bone: Preset = { name: '骨窗', center: 400, width: 2000 };
const brain: Preset = { name: '脑窗', center: 40, width: 80 };
const subdural: Preset = { name: '硬膜下窗', center: 75, width: 215 };
const abdomen: Preset = { name: '腹部窗', center: 50, width: 350 };
const liver: Preset = { name: '肝窗', center: 60, width: 160 };
const softTissue: Preset = { name: '软组织窗', center: 50, width: 350 };

/** DICOM Body Part Examined (PS3.16 Annex L) as scanners write it, and the windows one reads it with. */
const byBodyPart: readonly (readonly [RegExp, readonly Preset[]])[] = [
  [/CHEST|LUNG|THORAX/, [lung, mediastinum, bone]],
  [/HEAD|BRAIN|SKULL/, [brain, subdural, bone]],
  [/ABDOMEN|LIVER|PELVIS|KIDNEY/, [abdomen, liver, bone]],
];

/**
 * Usual windows in Hounsfield units; the numbers are those of shared/src/imaging/window-presets.ts, so that a menu names each once. Only CT has
 * a scale on which a fixed window means something.
 */
export function windowPresetsOf(modality: string, bodyPart: string): readonly Preset[] {
  if (modality !== 'CT') return [];
  const known = byBodyPart.find(([pattern]) => pattern.test(bodyPart.toUpperCase()));
  return known?.[1] ?? [softTissue, lung, bone];
}
