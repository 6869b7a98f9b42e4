import { View } from '@tarojs/components';
import type { CreatedPatientShare } from '@yingyun/shared/contract/patient-routes';
import { useState } from 'react';
import { spoken } from '../../platform/spoken';
import { useApp } from '../../session/session-context';
import { failureWords } from '../../ui/failure-words';
import { Notice } from '../../ui/notice';
import { Press } from '../../ui/press';
import { text } from './text-zh';

const purposes = ['family', 'consultation', 'transfer'] as const;

/** What for, how long, how often; then the link. */
export function NewShareForm({ filmId, onMade }: { filmId: string; onMade: (share: CreatedPatientShare) => void }) {
  const { session } = useApp();
  const [purpose, setPurpose] = useState<(typeof purposes)[number]>('family');
  const [hours, setHours] = useState(72);
  const [maxViews, setMaxViews] = useState(20);
  const [fault, setFault] = useState('');
  const [isBusy, setBusy] = useState(false);
  const make = async () => {
    setBusy(true);
    setFault('');
    const body = { purpose, expiresInHours: hours, maxViews };
    const result = await session.call('createPatientShare', { params: { filmId }, body });
    setBusy(false);
    if (result.ok) onMade(result.value);
    else setFault(failureWords(result));
  };
  return (
    <View className="form">
      <Choices
        name={text.purpose}
        choices={purposes.map((value) => ({ value, words: text.purposes[value] }))}
        chosen={purpose}
        onChoose={setPurpose}
      />
      <Choices
        name={text.expiry}
        choices={text.expiries.map((expiry) => ({ value: expiry.hours, words: expiry.name }))}
        chosen={hours}
        onChoose={setHours}
      />
      <Choices
        name={text.views}
        choices={text.viewCounts.map((count) => ({ value: count, words: text.viewCount(count) }))}
        chosen={maxViews}
        onChoose={setMaxViews}
      />
      <Notice tone="calm">{text.safety}</Notice>
      {fault !== '' && <Notice tone="bad">{fault}</Notice>}
      <Press isBusy={isBusy} onPress={() => void make()}>
        {text.make}
      </Press>
    </View>
  );
}

interface ChoicesProps<T> {
  readonly name: string;
  readonly choices: readonly { readonly value: T; readonly words: string }[];
  readonly chosen: T;
  readonly onChoose: (value: T) => void;
}

function Choices<T extends string | number>({ name, choices, chosen, onChoose }: ChoicesProps<T>) {
  return (
    <View className="field">
      <View className="field-name">{name}</View>
      <View className="choices">
        {choices.map(({ value, words }) => (
          <View
            className={`choice ${value === chosen ? 'choice-on' : ''}`}
            {...spoken('radio', { isOn: value === chosen })}
            hoverClass="card-down"
            key={String(value)}
            onClick={() => onChoose(value)}
          >
            {words}
          </View>
        ))}
      </View>
    </View>
  );
}
