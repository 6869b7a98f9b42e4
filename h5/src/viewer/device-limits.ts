import { deskLimits, type LoaderLimits, phoneLimits } from '@yingyun/shared/imaging/loader-plan';

/** A phone until the device says otherwise: a page that reloads for lack of memory loses the doctor's place. */
export function deviceLimits(): LoaderLimits {
  const memoryGb = (navigator as { deviceMemory?: number }).deviceMemory; // Chromium only
  const isTouch = matchMedia('(pointer: coarse)').matches;
  return isTouch || (memoryGb !== undefined && memoryGb < 4) ? phoneLimits : deskLimits;
}
