import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { bmpOf } from './thumbnail';

it('writes a BMP that ImageMagick reads as the same pixels', () => {
  const [width, height] = [5, 3];
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < rgba.length; i++) rgba[i] = i % 4 === 3 ? 255 : (i * 37) % 256;
  const read = execFileSync('convert', ['bmp:-', '-depth', '8', 'rgba:-'], { input: bmpOf(rgba, width, height) });
  expect([...read]).toEqual([...rgba]);
});
