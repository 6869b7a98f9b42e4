import type { BodyRegion } from '@yingyun/shared/contract/exam-routes';

/** Body Part Examined (PS3.16 Annex L, and what devices write besides), upper case. */
const bodyPartsOf: Readonly<Record<BodyRegion, readonly string[]>> = {
  head: [
    'HEAD',
    'BRAIN',
    'SKULL',
    'FACE',
    'ORBIT',
    'EYE',
    'EAR',
    'SINUS',
    'PITUITARY',
    'IAC',
    'JAW',
    'TMJ',
    'HEADNECK',
  ],
  neck: ['NECK', 'THYROID', 'LARYNX', 'CAROTID', 'HEADNECK'],
  chest: ['CHEST', 'LUNG', 'THORAX', 'RIB', 'RIBS', 'STERNUM', 'CLAVICLE', 'CHESTABDOMEN', 'CHESTABDPELVIS'],
  heart: ['HEART', 'CORONARYARTERY', 'CARDIAC', 'AORTA'],
  breast: ['BREAST'],
  abdomen: [
    'ABDOMEN',
    'LIVER',
    'KIDNEY',
    'PANCREAS',
    'SPLEEN',
    'GALLBLADDER',
    'STOMACH',
    'COLON',
    'ABDOMENPELVIS',
    'CHESTABDOMEN',
    'CHESTABDPELVIS',
  ],
  pelvis: ['PELVIS', 'PROSTATE', 'UTERUS', 'OVARY', 'BLADDER', 'HIP', 'ABDOMENPELVIS', 'CHESTABDPELVIS'],
  spine: ['SPINE', 'CSPINE', 'TSPINE', 'LSPINE', 'SSPINE', 'COCCYX', 'SACRUM', 'WHOLESPINE', 'LUMBARSPINE'],
  'upper-limb': ['SHOULDER', 'HUMERUS', 'ELBOW', 'FOREARM', 'WRIST', 'HAND', 'FINGER', 'ARM', 'SCAPULA', 'EXTREMITY'],
  'lower-limb': ['FEMUR', 'KNEE', 'TIBIA', 'FIBULA', 'ANKLE', 'FOOT', 'TOE', 'LEG', 'CALCANEUS', 'EXTREMITY'],
};

/**
 * The regions that Body Part Examined names, as `study.body_regions` holds them: sorted, separated by backslash; '' where it is none we
 * know. Codes of a closed list: what a device lets people type there stays out of them.
 */
export function bodyRegionsOf(bodyPart: string): string {
  const wanted = bodyPart.trim().toUpperCase();
  const found = Object.entries(bodyPartsOf).filter(([, parts]) => parts.includes(wanted));
  return found
    .map(([region]) => region)
    .sort()
    .join('\\');
}
