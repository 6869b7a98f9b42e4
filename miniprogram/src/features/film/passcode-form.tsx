import { View } from '@tarojs/components';
import type { ApiFailure } from '@yingyun/shared/contract/api-client';
import { useState } from 'react';
import { failureWords } from '../../ui/failure-words';
import { Field } from '../../ui/field';
import { Notice } from '../../ui/notice';
import { Press } from '../../ui/press';
import { text } from './text-zh';

interface PasscodeFormProps {
  readonly isLost: boolean;
  /** Why it didn't open; undefined: it did. */
  readonly onOpen: (passcode: string) => Promise<ApiFailure | undefined>;
}

/** The door of a shared film. */
export function PasscodeForm({ isLost, onOpen }: PasscodeFormProps) {
  const [passcode, setPasscode] = useState('');
  const [fault, setFault] = useState('');
  const [isBusy, setBusy] = useState(false);
  const open = async () => {
    if (passcode.replace(/[\s-]/g, '').length !== 8) return setFault(text.passcodeFault);
    setFault('');
    setBusy(true);
    const failure = await onOpen(passcode);
    if (failure === undefined) return undefined;
    setBusy(false);
    return setFault(failureWords(failure));
  };
  return (
    <View className="form">
      <View className="form-title">{text.sharedTitle}</View>
      {isLost && <Notice tone="warn">{text.sharedLost}</Notice>}
      <View className="form-words">{text.sharedWords}</View>
      <Field
        name={text.passcode}
        value={passcode}
        maxLength={12}
        placeholder={text.passcodePlaceholder}
        fault={fault}
        onChange={setPasscode}
        onDone={() => void open()}
      />
      <Press isBusy={isBusy} onPress={() => void open()}>
        {text.openShared}
      </Press>
    </View>
  );
}
