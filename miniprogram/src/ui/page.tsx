import { View } from '@tarojs/components';
import type { PropsWithChildren } from 'react';
import { useLargeType } from './large-type';

/** The ground of every page: colours, type size, safe areas. */
export function Page({ children, className = '' }: PropsWithChildren<{ className?: string }>) {
  const { isLarge } = useLargeType();
  return <View className={`page ${isLarge ? 'page-large' : ''} ${className}`}>{children}</View>;
}
