import type { InputProps, ViewProps } from '@tarojs/components';
import type { SpokenMore, SpokenRole } from './spoken-contract';

/**
 * Taro's elements are custom ones: a browser takes neither their `ariaRole` nor a key for them. What can be pressed gets its place in
 * the order of focus, and Enter and space press it.
 */
export function spoken(role: SpokenRole, { label, isOn, isOff }: SpokenMore = {}): Partial<ViewProps> {
  const isPressed = role === 'button' || role === 'radio';
  const attributes = {
    role,
    ...(role === 'heading' ? { 'aria-level': '2' } : {}),
    ...(label === undefined ? {} : { 'aria-label': label }),
    ...(isOn === undefined ? {} : { [role === 'radio' ? 'aria-checked' : 'aria-pressed']: String(isOn) }),
    ...(isOff === undefined ? {} : { 'aria-disabled': String(isOff) }), // both ways: Taro takes no attribute back
    ...(isPressed ? { tabIndex: 0, onKeyDown: pressByKey } : {}),
  };
  return attributes as Partial<ViewProps>; // attributes of HTML, which Taro hands on but doesn't type
}

/** The name of a field belongs to the input inside Taro's element. */
export function namedInput(name: string, props: Partial<InputProps>): Partial<InputProps> {
  return { ...props, nativeProps: { ...props.nativeProps, 'aria-label': name } };
}

function pressByKey(event: KeyboardEvent): void {
  const { target, currentTarget } = event;
  if (target !== currentTarget || !(currentTarget instanceof HTMLElement)) return;
  if (event.key !== 'Enter' && event.key !== ' ') return;
  event.preventDefault();
  currentTarget.click();
}
