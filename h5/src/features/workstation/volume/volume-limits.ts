import { deviceLimits } from '../../../viewer/device-limits';

/** What a volume may take of the device, in bytes: the array, and as much again in the GPU's memory (design, "Memory contract"). */
export interface VolumeLimits {
  readonly volumeBytes: number;
  readonly batchBytes: number;
}

const megabyte = 1_048_576;

/** A phone holds half of a thin chest CT's columns and rows, a tablet the whole; a desk with 8 GB two thousand slices. */
export function volumeLimits(): VolumeLimits {
  const { batchBytes, decodedBytes } = deviceLimits();
  const memoryGb = (navigator as { deviceMemory?: number }).deviceMemory; // Chromium only
  const isSmall = decodedBytes < 200 * megabyte;
  const isTablet = isSmall && (memoryGb === undefined || memoryGb >= 4) && Math.min(screen.width, screen.height) >= 700;
  const desk = memoryGb !== undefined && memoryGb >= 8 ? 1024 : 256;
  return { volumeBytes: (isTablet ? 128 : isSmall ? 48 : desk) * megabyte, batchBytes };
}
