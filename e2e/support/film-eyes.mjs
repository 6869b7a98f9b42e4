// What a test sees of the images on a phone, and what dcmtk says it should see.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { nativePixels } from './dicom-files.mjs';

/** What is read becomes so, on a slow machine too. */
export const eventually = (read) => expect.poll(read, { timeout: 10_000, interval: 100 });

/** The number of the image that the controls name, of `count`. */
export const numberShown = async (phone, count) =>
  Number(new RegExp(`(\\d+) / ${count}`).exec(await phone.text())?.[1]);

/** Waits until the page says that the image on screen has every pixel: neither a preview nor nothing yet. */
export const sharp = (phone) => phone.waitFor('.stage-sharp', 30_000);

/** The picture on screen becomes like `png` beyond `least`: it is drawn a moment after the page has told of it. */
export const becomesLike = (phone, png, least) =>
  eventually(() => phone.likeness('.stage', png)).toBeGreaterThan(least);

/** The n-th image of a film's first series as dcm2pnm draws it in the window it declares first. `files`: where it may be. @returns {Promise<Buffer>} PNG */
export async function drawnByDcmtk(hospital, { filmId, files }, number, folder) {
  const { series } = (await hospital.call('GET', `/api/films/${filmId}`, undefined, hospital.token)).body;
  const { sopInstanceUid } = series[0].frames[number - 1];
  const file = files.find((one) => nativePixels(one).sopInstanceUid === sopInstanceUid);
  const picture = path.join(folder, `${number}.png`);
  execFileSync('dcm2pnm', ['+Wi', '1', '--write-png', file, picture], { stdio: 'ignore' });
  return readFileSync(picture);
}
