import { Button, type ButtonProps } from '@tarojs/components';
import type { PropsWithChildren } from 'react';
import { spoken } from '../platform/spoken';

interface PressProps {
  readonly look?: 'main' | 'quiet' | 'danger' | 'plain';
  readonly isBusy?: boolean;
  readonly isDisabled?: boolean;
  readonly className?: string;
  readonly openType?: ButtonProps['openType'];
  /** Spoken where the button shows no words. */
  readonly label?: string;
  readonly onPress?: () => void;
}

/** A button with a target of at least 48 px. While busy it says so and takes no second press. */
export function Press({
  children,
  look = 'main',
  isBusy = false,
  isDisabled = false,
  className = '',
  openType,
  label,
  onPress,
}: PropsWithChildren<PressProps>) {
  const isOff = isBusy || isDisabled;
  return (
    <Button
      className={`press press-${look} ${isOff ? 'press-off' : ''} ${className}`}
      hoverClass="press-down"
      {...(isOff ? { disabled: true } : {})}
      {...(openType === undefined ? {} : { openType })}
      {...spoken('button', { isOff, ...(label === undefined ? {} : { label }) })}
      onClick={() => {
        if (!isOff) onPress?.();
      }}
    >
      {children}
    </Button>
  );
}
