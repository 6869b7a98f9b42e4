/** Report text sizes: 17, 20 and 24 px. The choice is kept on the device; it says nothing about a patient. */
export const textSizes = ['normal', 'large', 'huge'] as const;
export type TextSize = (typeof textSizes)[number];
const storageKey = 'yingyun.text-size';

/** Sets the size for the whole page and remembers it where the browser lets us. */
export function applyTextSize(size: TextSize): void {
  document.documentElement.dataset['textSize'] = size;
  try {
    localStorage.setItem(storageKey, size);
  } catch {
    // Private windows refuse storage; the choice then lasts as long as the page.
  }
}

export function rememberedTextSize(): TextSize {
  try {
    const kept = localStorage.getItem(storageKey);
    return textSizes.find((size) => size === kept) ?? 'normal';
  } catch {
    return 'normal';
  }
}
