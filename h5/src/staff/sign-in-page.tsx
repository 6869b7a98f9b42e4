import type { ApiClient, ApiFailure } from '@yingyun/shared/contract/api-client';
import type { SignedIn } from '@yingyun/shared/contract/routes';
import { type FormEvent, useRef, useState } from 'react';
import mark from '../ui/mark.svg';
import { wordsOf } from './staff-session';
import { text } from './text-zh';

interface SignInProps {
  readonly client: ApiClient;
  readonly title: string;
  /** Why the last session ended; '' on a first visit. */
  readonly notice: string;
  readonly onSignedIn: (signedIn: SignedIn) => void;
}

/** Account, password and one-time code. A refusal says the same, whichever of the three was wrong. */
export function SignInPage({ client, title, notice, onSignedIn }: SignInProps) {
  const [error, setError] = useState('');
  const [isBusy, setBusy] = useState(false);
  const code = useRef<HTMLInputElement>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    const body = {
      account: String(fields.get('account')).trim(),
      password: String(fields.get('password')),
      oneTimeCode: String(fields.get('oneTimeCode')).normalize('NFKC').replace(/\s/g, ''),
    };
    if (body.account === '' || body.password === '' || !/^\d{6}$/.test(body.oneTimeCode))
      return setError(text.signInIncomplete);
    setBusy(true);
    setError('');
    const result = await client.call('signIn', { body });
    setBusy(false);
    if (result.ok) return onSignedIn(result.value);
    setError(refusalWords(result));
    if (code.current !== null) code.current.value = '';
    code.current?.focus();
  };

  return (
    <main className="sign-in">
      <form className="sign-in-card" onSubmit={(event) => void submit(event)} noValidate>
        <img src={mark} alt="" width={56} height={56} />
        <h1>{title}</h1>
        <p className="soft">{text.signInHint}</p>
        {notice !== '' && (
          <p className="notice" role="status">
            {notice}
          </p>
        )}
        <label>
          <span>{text.account}</span>
          <input name="account" autoComplete="username" autoCapitalize="none" spellCheck={false} autoFocus />
        </label>
        <label>
          <span>{text.password}</span>
          <input name="password" type="password" autoComplete="current-password" />
        </label>
        <label>
          <span>{text.oneTimeCode}</span>
          <input
            ref={code}
            className="digits"
            name="oneTimeCode"
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={8}
          />
        </label>
        <p className="error" role="alert">
          {error}
        </p>
        <button className="button" type="submit" disabled={isBusy} aria-busy={isBusy}>
          {isBusy ? text.signingIn : text.signIn}
        </button>
      </form>
    </main>
  );
}

function refusalWords(failure: ApiFailure): string {
  if (failure.code === 'sign-in-refused' || failure.code === 'unauthenticated') return text.signInRefused;
  if (failure.code === 'sign-in-locked' || failure.code === 'too-many-requests')
    return failure.message || text.signInLocked;
  return wordsOf(failure);
}
