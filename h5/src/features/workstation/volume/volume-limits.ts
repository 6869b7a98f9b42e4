import { deviceLimits } from '../../../viewer/device-limits';

/** What a volume may take of the device, in bytes: the array, and as much again in the GPU's memory (design, "Memory contract"). */
export interface VolumeLimits {
  readonly volumeBytes: number;
  readonly batchBytes: number;
}

const megabyte = 1_048_576;

/** A phone holds half of a thin chest CT's columns and rows; a desk the whole, and with 8 GB a thousand slices. */
export function volumeLimits(): VolumeLimits {
  const { batchBytes, decodedBytes } = deviceLimits();
  const memoryGb = (navigator as { deviceMemory?: number }).deviceMemory; // Chromium only
  const isSmall = decodedBytes < 200 * megabyte;
  const volumeBytes = isSmall
    ? 48 * megabyte
    : memoryGb !== undefined && memoryGb >= 8
      ? 1024 * megabyte
      : 256 * megabyte;
  return { volumeBytes, batchBytes };
}
