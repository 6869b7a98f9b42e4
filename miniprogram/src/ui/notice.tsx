import { View } from '@tarojs/components';
import type { PropsWithChildren } from 'react';
import { spoken } from '../platform/spoken';
import { Press } from './press';

/** A sentence in place, where it belongs: a fault beside its field, a state above a list. */
export function Notice({ children, tone }: PropsWithChildren<{ tone: 'bad' | 'warn' | 'calm' }>) {
  return (
    <View className={`notice notice-${tone}`} {...spoken(tone === 'bad' ? 'alert' : 'status')}>
      {children}
    </View>
  );
}

interface EmptyProps {
  readonly title: string;
  readonly words: string;
  readonly action?: { readonly words: string; onPress(): void };
}

/** Nothing to show: why, and what to do about it. */
export function Empty({ title, words, action }: EmptyProps) {
  return (
    <View className="empty">
      <View className="empty-title">{title}</View>
      <View className="empty-words">{words}</View>
      {action !== undefined && <Press onPress={action.onPress}>{action.words}</Press>}
    </View>
  );
}
