import { View } from '@tarojs/components';
import { useState } from 'react';
import { useApp } from '../../session/session-context';
import { failureWords } from '../../ui/failure-words';
import { Field } from '../../ui/field';
import { Notice } from '../../ui/notice';
import { Press } from '../../ui/press';
import { useCountdown } from '../../ui/use-countdown';
import { isMobileNumber, phoneDigits } from './phone-number';
import { text } from './text-zh';

/** Phone, code, in. `onSignedIn` is called once the session is kept. */
export function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const { client, session } = useApp();
  const [phone, setPhone] = useState('');
  const [code, setCode] = useState('');
  const [phoneFault, setPhoneFault] = useState('');
  const [codeFault, setCodeFault] = useState('');
  const [isSent, setIsSent] = useState(false);
  const [busy, setBusy] = useState<'no' | 'sending' | 'signing-in'>('no');
  const countdown = useCountdown();

  const sendCode = async () => {
    if (!isMobileNumber(phone)) return setPhoneFault(text.phoneFault);
    setPhoneFault('');
    setBusy('sending');
    const result = await client.call('sendSignInCode', { body: { phone } });
    setBusy('no');
    if (!result.ok) {
      if (result.retryAfterSeconds !== undefined) countdown.start(result.retryAfterSeconds);
      return setPhoneFault(failureWords(result));
    }
    countdown.start(result.value.resendAfterSeconds);
    setIsSent(true);
  };
  const signIn = async () => {
    if (!isMobileNumber(phone)) return setPhoneFault(text.phoneFault);
    if (!/^\d{6}$/.test(code)) return setCodeFault(text.codeFault);
    setCodeFault('');
    setBusy('signing-in');
    const result = await session.signIn(phone, code);
    setBusy('no');
    if (result.ok) return onSignedIn();
    setCodeFault(failureWords(result));
  };

  return (
    <View className="form">
      <Field
        name={text.phone}
        keyboard="digits"
        maxLength={20}
        value={phone}
        placeholder={text.phonePlaceholder}
        fault={phoneFault}
        onChange={(typed) => setPhone(phoneDigits(typed))}
      />
      <Field
        name={text.code}
        keyboard="digits"
        maxLength={6}
        value={code}
        placeholder={text.codePlaceholder}
        fault={codeFault}
        onChange={(typed) => setCode(typed.replace(/\D/g, ''))}
        onDone={() => void signIn()}
        beside={
          <Press
            look="quiet"
            className="field-beside"
            isBusy={busy === 'sending'}
            isDisabled={countdown.left > 0}
            onPress={() => void sendCode()}
          >
            {countdown.left > 0 ? text.resend(countdown.left) : text.sendCode}
          </Press>
        }
      />
      {isSent && codeFault === '' && phoneFault === '' && <Notice tone="calm">{text.sent}</Notice>}
      <Press className="form-main" isBusy={busy === 'signing-in'} onPress={() => void signIn()}>
        {text.signIn}
      </Press>
      <View className="form-hint">{text.firstTime}</View>
      <View className="form-hint">{text.privacy}</View>
    </View>
  );
}
