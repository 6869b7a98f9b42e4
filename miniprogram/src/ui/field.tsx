import { Input, type InputProps, View } from '@tarojs/components';
import type { ReactNode } from 'react';

interface FieldProps {
  readonly name: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly type?: InputProps['type'];
  readonly maxLength?: number;
  readonly placeholder?: string;
  /** What is wrong with it, in words; '' where nothing is. */
  readonly fault?: string;
  readonly isDisabled?: boolean;
  readonly onDone?: () => void;
  /** A control at its right, for instance "send a code". */
  readonly beside?: ReactNode;
}

/** A field with its name above and its fault below, where the eye is. */
export function Field(props: FieldProps) {
  const { name, value, onChange, type = 'text', maxLength = 64, placeholder = '', fault = '', beside } = props;
  return (
    <View className="field">
      <View className="field-name">{name}</View>
      <View className="field-row">
        <Input
          className={`field-input ${fault === '' ? '' : 'field-input-bad'}`}
          type={type}
          value={value}
          maxlength={maxLength}
          placeholder={placeholder}
          placeholderClass="field-placeholder"
          disabled={props.isDisabled === true}
          ariaLabel={name}
          onInput={(event) => onChange(event.detail.value)}
          onConfirm={() => props.onDone?.()}
        />
        {beside}
      </View>
      {fault !== '' && (
        <View className="field-fault" ariaRole="alert">
          {fault}
        </View>
      )}
    </View>
  );
}
