/**
 * Share passcodes as people type them: 8 characters of Crockford base32 (no I, L, O, U), shown in two groups of four.
 * The server checks; these functions only make typing forgiving.
 */
export const passcodeLength = 8;

/**
 * The passcode characters in `typed`: full-width forms folded, upper case, O read as 0 and I or L as 1 (Crockford's decoding
 * rule), everything else dropped, cut at 8. Text pasted around a code ("口令：7K3M-9QXD") gives the code alone.
 */
export function normalisePasscode(typed: string): string {
  const text = typed.normalize('NFKC').toUpperCase();
  const grouped = /(?<![0-9A-Z])[0-9A-Z]{4}[\s-]?[0-9A-Z]{4}(?![0-9A-Z])/.exec(text);
  return (grouped?.[0] ?? text)
    .replace(/O/g, '0')
    .replace(/[IL]/g, '1')
    .replace(/[^0-9A-HJKMNP-TV-Z]/g, '')
    .slice(0, passcodeLength);
}

/** "7K3M9QXD" → "7K3M 9QXD"; an unfinished code keeps its group mark out of the way. */
export function groupPasscode(code: string): string {
  return code.length > 4 ? `${code.slice(0, 4)} ${code.slice(4)}` : code;
}

/** Where the caret belongs after grouping, when `before` passcode characters stand to its left. */
export function caretAfter(before: number, codeLength: number): number {
  return before > 4 || (before === 4 && codeLength > 4) ? before + 1 : before;
}
