import { deskLimits, type LoaderLimits, phoneLimits } from '@yingyun/shared/imaging/loader-plan';

/** What one of so many viewers on a page may take. A phone until the device says otherwise: a page that reloads for lack of memory loses the doctor's place. */
export function deviceLimits(viewers = 1): LoaderLimits {
  const memoryGb = (navigator as { deviceMemory?: number }).deviceMemory; // Chromium only
  const isTouch = matchMedia('(pointer: coarse)').matches;
  const limits = isTouch || (memoryGb !== undefined && memoryGb < 4) ? phoneLimits : deskLimits;
  const { decodedBytes, encodedBytes } = limits;
  return { ...limits, decodedBytes: decodedBytes / viewers, encodedBytes: encodedBytes / viewers };
}
