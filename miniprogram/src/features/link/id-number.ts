/** Weights of the 17 digits and the check characters by remainder (GB 11643-1999, from ISO 7064 MOD 11-2). */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const checkCharacters = '10X98765432';

/** What people type, without blanks, the X upper case, at most 18 characters. */
export function idNumberTyped(typed: string): string {
  return typed
    .replace(/ｘ|Ｘ|x/g, 'X')
    .replace(/[^\dX]/g, '')
    .slice(0, 18);
}

/** Whether a citizen's ID number can exist: 17 digits, a real day of birth that isn't to come, and the right check character. */
export function isIdNumber(text: string, nowMs: number): boolean {
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  const year = Number(text.slice(6, 10));
  const month = Number(text.slice(10, 12));
  const day = Number(text.slice(12, 14));
  const born = new Date(Date.UTC(year, month - 1, day));
  const isDay = born.getUTCFullYear() === year && born.getUTCMonth() === month - 1 && born.getUTCDate() === day;
  if (!isDay || year < 1880 || born.getTime() > nowMs) return false;
  const sum = weights.reduce((total, weight, i) => total + weight * Number(text[i]), 0);
  return checkCharacters[sum % 11] === text[17];
}
