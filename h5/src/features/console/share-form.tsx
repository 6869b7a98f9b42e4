import type { CreatedShare } from '@yingyun/shared/contract/routes';
import { type FormEvent, useState } from 'react';
import { type StaffApi, wordsOf } from '../../staff/staff-session';
import { text } from './text-zh';

interface ShareFormProps {
  readonly api: StaffApi;
  readonly filmId: string;
  readonly onCreated: (share: CreatedShare) => void;
}

/** What for, how long, how often: then a link and a passcode. */
export function ShareForm({ api, filmId, onCreated }: ShareFormProps) {
  const [purpose, setPurpose] = useState<'patient' | 'consultation'>('patient');
  const [expiresInHours, setExpiresInHours] = useState(72);
  const [maxViews, setMaxViews] = useState('20');
  const [error, setError] = useState('');
  const [isBusy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError('');
    const views = Math.min(1000, Math.max(1, Math.round(Number(maxViews)) || 20));
    const result = await api.call('createShare', {
      params: { filmId },
      body: { purpose, expiresInHours, maxViews: views },
    });
    setBusy(false);
    if (result.ok) onCreated(result.value);
    else setError(wordsOf(result));
  };

  return (
    <form className="share-form" onSubmit={(event) => void submit(event)}>
      <fieldset className="choices">
        <legend>{text.purpose}</legend>
        {(['patient', 'consultation'] as const).map((each) => (
          <label key={each}>
            <input type="radio" name="purpose" checked={purpose === each} onChange={() => setPurpose(each)} />
            <span>{text.purposes[each]}</span>
          </label>
        ))}
      </fieldset>
      <fieldset className="choices">
        <legend>{text.expiry}</legend>
        {text.expiries.map(({ hours, name }) => (
          <label key={hours}>
            <input
              type="radio"
              name="expiry"
              checked={expiresInHours === hours}
              onChange={() => setExpiresInHours(hours)}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      <label className="field">
        <span>{text.maxViews}</span>
        <input
          type="number"
          inputMode="numeric"
          min={1}
          max={1000}
          step={1}
          required
          value={maxViews}
          onChange={(event) => setMaxViews(event.target.value)}
        />
      </label>
      {error !== '' && (
        <p className="error" role="alert">
          {error}
        </p>
      )}
      <button className="button wide" type="submit" disabled={isBusy} aria-busy={isBusy}>
        {isBusy ? text.making : text.makeShare}
      </button>
    </form>
  );
}
