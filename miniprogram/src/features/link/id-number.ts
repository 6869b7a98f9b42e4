import { isIdNumber } from '@yingyun/shared/domain/id-number';

/** What people type, without blanks, the X upper case, at most 18 characters. */
export function idNumberTyped(typed: string): string {
  return typed
    .replace(/[xｘＸ]/g, 'X')
    .replace(/[^\dX]/g, '')
    .slice(0, 18);
}

/** Whether somebody alive can have this ID number (GB 11643): a typing error is found here, before a hospital is asked. */
export function isPlausibleIdNumber(text: string, nowMs: number): boolean {
  if (!isIdNumber(text)) return false;
  const bornMs = Date.UTC(Number(text.slice(6, 10)), Number(text.slice(10, 12)) - 1, Number(text.slice(12, 14)));
  return bornMs <= nowMs && Number(text.slice(6, 10)) >= 1880;
}
