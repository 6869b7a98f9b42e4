import { Picker, View } from '@tarojs/components';
import type { PatientAccount } from '@yingyun/shared/contract/patient-routes';
import { useState } from 'react';
import { spoken } from '../../platform/spoken';
import { useApp } from '../../session/session-context';
import { failureWords } from '../../ui/failure-words';
import { Field } from '../../ui/field';
import { Notice } from '../../ui/notice';
import { Press } from '../../ui/press';
import { idNumberTyped, isPlausibleIdNumber } from './id-number';
import { text } from './text-zh';

/** Whose record, as a person states it. Kept in memory only. */
export interface LinkWish {
  readonly hospitalId: string;
  readonly name: string;
  readonly idNumber: string;
}

export interface LinkChallenge {
  readonly challengeId: string;
  readonly resendAfterSeconds: number;
}

interface LinkFormProps {
  readonly hospitals: PatientAccount['hospitals'];
  readonly wish: LinkWish;
  readonly onChange: (wish: LinkWish) => void;
  readonly onStarted: (challenge: LinkChallenge) => void;
}

/** Hospital, name, ID number; each fault beside its field. */
export function LinkForm({ hospitals, wish, onChange, onStarted }: LinkFormProps) {
  const { session } = useApp();
  const [faults, setFaults] = useState({ hospital: '', name: '', idNumber: '', all: '' });
  const [isBusy, setBusy] = useState(false);
  const chosen = hospitals.findIndex((hospital) => hospital.hospitalId === wish.hospitalId);
  const start = async () => {
    const found = {
      hospital: chosen < 0 ? text.hospitalFault : '',
      name: wish.name.trim() === '' ? text.nameFault : '',
      idNumber: isPlausibleIdNumber(wish.idNumber, Date.now()) ? '' : text.idFault,
      all: '',
    };
    setFaults(found);
    if (found.hospital + found.name + found.idNumber !== '') return;
    setBusy(true);
    const result = await session.call('startLink', { body: { ...wish, name: wish.name.trim() } });
    setBusy(false);
    if (result.ok) onStarted(result.value);
    else setFaults({ ...found, all: failureWords(result) });
  };
  return (
    <View className="form">
      <View className="field">
        <View className="field-name">{text.hospital}</View>
        <Picker
          mode="selector"
          range={hospitals.map((hospital) => hospital.name)}
          value={Math.max(0, chosen)}
          onChange={(event) =>
            onChange({ ...wish, hospitalId: hospitals[Number(event.detail.value)]?.hospitalId ?? '' })
          }
        >
          <View className={`field-choice ${faults.hospital === '' ? '' : 'field-input-bad'}`} {...spoken('button')}>
            {hospitals[chosen]?.name ?? text.chooseHospital}
          </View>
        </Picker>
        {faults.hospital !== '' && <View className="field-fault">{faults.hospital}</View>}
      </View>
      <Field
        name={text.name}
        value={wish.name}
        placeholder={text.namePlaceholder}
        fault={faults.name}
        onChange={(name) => onChange({ ...wish, name })}
      />
      <Field
        name={text.idNumber}
        keyboard="id-number"
        maxLength={24}
        value={wish.idNumber}
        placeholder={text.idPlaceholder}
        fault={faults.idNumber}
        onChange={(typed) => onChange({ ...wish, idNumber: idNumberTyped(typed) })}
        onDone={() => void start()}
      />
      {faults.all !== '' && <Notice tone="bad">{faults.all}</Notice>}
      <Press className="form-main" isBusy={isBusy} onPress={() => void start()}>
        {text.next}
      </Press>
    </View>
  );
}
