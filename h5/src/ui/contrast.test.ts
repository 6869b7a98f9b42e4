import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** Text on its grounds, by the custom properties of base.css, and of workstation.css over them. */
const textPairs = [
  ['ink', 'ground'],
  ['ink', 'surface'],
  ['ink', 'raised'],
  ['ink', 'accent-tint'],
  ['ink-soft', 'ground'],
  ['ink-soft', 'surface'],
  ['ink-soft', 'raised'],
  ['ink-soft', 'accent-tint'],
  ['accent', 'surface'],
  ['accent', 'accent-tint'],
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['good', 'surface'],
  ['good', 'good-tint'],
  ['warn', 'warn-tint'],
  ['bad', 'surface'],
  ['bad', 'bad-tint'],
  ['surface', 'bad'],
  ['film-ink', 'film-ground'],
  ['film-soft', 'film-ground'],
] as const;

describe('the colours of the pages', async () => {
  const css = await readFile(path.join(import.meta.dirname, 'base.css'), 'utf8');
  const [light = '', dark = ''] = css.split('@media (prefers-color-scheme: dark)');
  const lightColours = coloursOf(light);
  const darkColours = new Map([...lightColours, ...coloursOf(dark)]);
  const workstation = path.join(import.meta.dirname, '../features/workstation/workstation.css');
  const readingRoom = new Map([...darkColours, ...coloursOf(await readFile(workstation, 'utf8'))]);
  const schemes = { light: lightColours, dark: darkColours, 'the reading room': readingRoom };

  for (const [scheme, colours] of Object.entries(schemes)) {
    it.each(textPairs)(`set %s on %s with at least 4.5 : 1 (${scheme})`, (text, ground) => {
      expect(contrast(colours.get(text), colours.get(ground))).toBeGreaterThanOrEqual(4.5);
    });
    it(`draw the edges of fields with at least 3 : 1 (${scheme})`, () => {
      expect(contrast(colours.get('line-strong'), colours.get('surface'))).toBeGreaterThanOrEqual(3);
    });
  }
});

function coloursOf(css: string): Map<string, string> {
  return new Map([...css.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((match) => [match[1] ?? '', match[2] ?? '']));
}

/** WCAG 2.2, "contrast ratio" and "relative luminance". */
function contrast(one = '', other = ''): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
