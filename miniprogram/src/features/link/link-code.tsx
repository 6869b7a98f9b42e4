import { View } from '@tarojs/components';
import { useEffect, useState } from 'react';
import { useApp } from '../../session/session-context';
import { failureWords } from '../../ui/failure-words';
import { Field } from '../../ui/field';
import { Press } from '../../ui/press';
import { useCountdown } from '../../ui/use-countdown';
import type { LinkChallenge, LinkWish } from './link-form';
import { text } from './text-zh';

interface LinkCodeProps {
  readonly wish: LinkWish;
  readonly challenge: LinkChallenge;
  readonly onLinked: () => void;
  readonly onBack: () => void;
}

/** The code that went to the phone in the hospital's record. */
export function LinkCode({ wish, challenge, onLinked, onBack }: LinkCodeProps) {
  const { session } = useApp();
  const [current, setCurrent] = useState(challenge);
  const [code, setCode] = useState('');
  const [fault, setFault] = useState('');
  const [isBusy, setBusy] = useState(false);
  const { left, start } = useCountdown();
  useEffect(() => start(current.resendAfterSeconds), [current]);
  const resend = async () => {
    setBusy(true);
    const result = await session.call('startLink', { body: wish });
    setBusy(false);
    if (result.ok) setCurrent(result.value);
    else setFault(failureWords(result));
  };
  const confirm = async () => {
    if (!/^\d{6}$/.test(code)) return setFault(text.codeFault);
    setFault('');
    setBusy(true);
    const result = await session.call('confirmLink', { body: { challengeId: current.challengeId, code } });
    setBusy(false);
    if (result.ok) return onLinked();
    setFault(failureWords(result));
  };
  return (
    <View className="form">
      <View className="form-title">{text.codeTitle}</View>
      <View className="form-words">{text.codeWords}</View>
      <Field
        name={text.code}
        keyboard="digits"
        maxLength={6}
        value={code}
        placeholder={text.codePlaceholder}
        fault={fault}
        onChange={(typed) => setCode(typed.replace(/\D/g, ''))}
        onDone={() => void confirm()}
      />
      <Press className="form-main" isBusy={isBusy} onPress={() => void confirm()}>
        {text.confirm}
      </Press>
      <Press look="plain" className="form-next" isDisabled={left > 0} onPress={() => void resend()}>
        {text.resend(left)}
      </Press>
      <Press look="plain" onPress={onBack}>
        {text.back}
      </Press>
    </View>
  );
}
