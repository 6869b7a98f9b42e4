import { View } from '@tarojs/components';
import type { ApiFailure } from '@yingyun/shared/contract/api-client';
import type { PatientAccount } from '@yingyun/shared/contract/patient-routes';
import { useCallback, useEffect, useState } from 'react';
import { useApp } from '../../session/session-context';
import { failureWords } from '../../ui/failure-words';
import { Empty } from '../../ui/notice';
import { LinkCode } from './link-code';
import { type LinkChallenge, LinkForm, type LinkWish } from './link-form';
import { text } from './text-zh';

type Step =
  | { readonly at: 'form' }
  | { readonly at: 'code'; readonly challenge: LinkChallenge }
  | { readonly at: 'done' };

/** Binding to a hospital's record: what it is for, the form, the code, done. */
export function LinkPage({ onDone }: { onDone: () => void }) {
  const { session } = useApp();
  const [account, setAccount] = useState<PatientAccount | ApiFailure | null>(null);
  const [wish, setWish] = useState<LinkWish>({ hospitalId: '', name: '', idNumber: '' });
  const [step, setStep] = useState<Step>({ at: 'form' });
  const load = useCallback(async () => {
    setAccount(null);
    const result = await session.call('patientAccount', {});
    setAccount(result.ok ? result.value : result);
    const only = result.ok && result.value.hospitals.length === 1 ? result.value.hospitals[0] : undefined;
    if (only !== undefined) setWish((now) => ({ ...now, hospitalId: only.hospitalId }));
  }, [session]);
  useEffect(() => {
    void load();
  }, [load]);

  if (account === null) return <View className="bone bone-block" />;
  if ('ok' in account) {
    const words = failureWords(account);
    return <Empty title={text.failed} words={words} action={{ words: text.retry, onPress: () => void load() }} />;
  }
  if (account.hospitals.length === 0) return <Empty title={text.failed} words={text.noHospitals} />;
  if (step.at === 'done')
    return <Empty title={text.done} words={text.doneWords} action={{ words: text.toFilms, onPress: onDone }} />;
  if (step.at === 'code')
    return (
      <LinkCode
        wish={wish}
        challenge={step.challenge}
        onLinked={() => setStep({ at: 'done' })}
        onBack={() => setStep({ at: 'form' })}
      />
    );
  return (
    <View>
      <View className="why">
        <View className="why-title">{text.why}</View>
        <View>{text.whyWords}</View>
      </View>
      <LinkForm
        hospitals={account.hospitals}
        wish={wish}
        onChange={setWish}
        onStarted={(challenge) => setStep({ at: 'code', challenge })}
      />
    </View>
  );
}
