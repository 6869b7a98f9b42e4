import { Input, type InputProps, View } from '@tarojs/components';
import type { ReactNode } from 'react';
import { numericInput } from '../platform/numeric-input';
import { namedInput, spoken } from '../platform/spoken';

interface FieldProps {
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Which keyboard comes up. */
  readonly keyboard?: 'text' | 'digits' | 'id-number';
  readonly maxLength?: number;
  readonly placeholder?: string;
  /** What is wrong with it, in words; '' where nothing is. */
  readonly fault?: string;
  readonly isDisabled?: boolean;
  readonly onDone?: () => void;
  /** A control at its right, for instance "send a code". */
  readonly beside?: ReactNode;
}

const keyboards: Readonly<Record<NonNullable<FieldProps['keyboard']>, Partial<InputProps>>> = {
  text: { type: 'text' },
  digits: numericInput,
  'id-number': { type: 'idcard' },
};

/** A field with its name above and its fault below, where the eye is. */
export function Field(props: FieldProps) {
  const { name, value, onChange, keyboard = 'text', maxLength = 64, placeholder = '', fault = '', beside } = props;
  return (
    <View className="field">
      <View className="field-name">{name}</View>
      <View className="field-row">
        <Input
          className={`field-input ${fault === '' ? '' : 'field-input-bad'}`}
          {...namedInput(name, keyboards[keyboard])}
          value={value}
          maxlength={maxLength}
          placeholder={placeholder}
          placeholderClass="field-placeholder"
          disabled={props.isDisabled === true}
          onInput={(event) => onChange(event.detail.value)}
          onConfirm={() => props.onDone?.()}
        />
        {beside}
      </View>
      {fault !== '' && (
        <View className="field-fault" {...spoken('alert')}>
          {fault}
        </View>
      )}
    </View>
  );
}
