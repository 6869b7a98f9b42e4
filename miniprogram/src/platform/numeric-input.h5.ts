import type { InputProps } from '@tarojs/components';

/** A field for digits: the digits' keyboard, but plain text, since a browser's number field takes no pasted "+86 138 …". */
export const numericInput: Partial<InputProps> = { type: 'text', nativeProps: { inputMode: 'numeric' } };
