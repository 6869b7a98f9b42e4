import type { InputProps } from '@tarojs/components';

/** A field for digits: WeChat's own keyboard for them. */
export const numericInput: Partial<InputProps> = { type: 'number' };
