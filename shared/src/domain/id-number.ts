/** GB 11643-1999 7.1: weights of the first 17 digits, and the check character for each remainder of 11. */
const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const checks = '10X98765432';

/** Whether 18 characters are an ID number: digits, a date of the calendar, and the check character (ISO 7064, MOD 11-2). */
export function isIdNumber(text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text)) return false;
  const [year, month, day] = [text.slice(6, 10), text.slice(10, 12), text.slice(12, 14)].map(Number);
  const date = new Date(Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0));
  if (date.getUTCFullYear() !== year || date.getUTCMonth() + 1 !== month || date.getUTCDate() !== day) return false;
  return withCheckCharacter(text.slice(0, 17)) === text;
}

/** 17 digits and the check character that belongs to them. */
export function withCheckCharacter(digits: string): string {
  const sum = weights.reduce((total, weight, i) => total + weight * Number(digits[i]), 0);
  return `${digits}${checks[sum % 11]}`;
}
