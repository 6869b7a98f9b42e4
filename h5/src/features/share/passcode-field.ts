import { caretAfter, groupPasscode, normalisePasscode } from '../../lib/passcode';

/** Groups and corrects the passcode as it is typed or pasted, keeping the caret where the person left it. */
export function attachPasscodeField(input: HTMLInputElement): { code(): string; clear(): void } {
  let isComposing = false; // a Chinese input method holds unfinished letters: leave them alone
  const tidy = () => {
    if (isComposing) return;
    const caret = input.selectionStart ?? input.value.length;
    const code = normalisePasscode(input.value);
    const before = Math.min(normalisePasscode(input.value.slice(0, caret)).length, code.length);
    const shown = groupPasscode(code);
    if (shown === input.value) return;
    input.value = shown;
    const at = caretAfter(before, code.length);
    input.setSelectionRange(at, at);
  };
  input.addEventListener('compositionstart', () => {
    isComposing = true;
  });
  input.addEventListener('compositionend', () => {
    isComposing = false;
    tidy();
  });
  input.addEventListener('input', tidy);
  return {
    code: () => normalisePasscode(input.value),
    clear: () => {
      input.value = '';
    },
  };
}
