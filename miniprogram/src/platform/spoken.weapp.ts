import type { InputProps, ViewProps } from '@tarojs/components';
import type { SpokenMore, SpokenRole } from './spoken-contract';

/** WeChat's own attributes; it makes what has `bindtap` reachable by itself. */
export function spoken(role: SpokenRole, { label }: SpokenMore = {}): Partial<ViewProps> {
  return { ariaRole: role, ...(label === undefined ? {} : { ariaLabel: label }) };
}

/** The name of a field, for those who don't see what stands above it. */
export function namedInput(name: string, props: Partial<InputProps>): Partial<InputProps> {
  return { ...props, ariaLabel: name };
}
