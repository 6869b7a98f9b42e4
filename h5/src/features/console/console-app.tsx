import type { ApiClient } from '@yingyun/shared/contract/api-client';
import { useCallback, useMemo, useState } from 'react';
import { FilmsPage } from './films-page';
import { SignInPage } from './sign-in-page';
import { createStaffApi, loadSession, type StaffSession, saveSession } from './staff-session';
import { text } from './text-zh';
import { idleLimitMs, useIdleSignOut } from './use-idle-sign-out';

/** The console: sign-in, then films. Whatever ends the session takes the whole signed-in tree off the screen. */
export function ConsoleApp({ client }: { readonly client: ApiClient }) {
  const [session, setSession] = useState(() => loadSession(Date.now(), idleLimitMs));
  const [endedBecause, setEndedBecause] = useState('');

  const end = useCallback((why: string) => {
    saveSession(undefined);
    setSession(undefined);
    setEndedBecause(why);
    history.replaceState(null, '', location.pathname);
  }, []);

  if (session === undefined) {
    return (
      <SignInPage
        client={client}
        notice={endedBecause}
        onSignedIn={(signedIn) => {
          const begun = { ...signedIn, lastActiveAt: Date.now() };
          saveSession(begun);
          setSession(begun);
        }}
      />
    );
  }
  return <SignedInConsole key={session.accessToken} client={client} session={session} onEnd={end} />;
}

interface SignedInProps {
  readonly client: ApiClient;
  readonly session: StaffSession;
  readonly onEnd: (why: string) => void;
}

function SignedInConsole({ client, session, onEnd }: SignedInProps) {
  const api = useMemo(
    () => createStaffApi(client, session.accessToken, () => onEnd(text.endedExpired)),
    [client, session.accessToken, onEnd],
  );
  const signOut = (why: string) => {
    onEnd(why);
    // The server forgets the token too; the screen doesn't wait for it.
    void client.call('signOut', { token: session.accessToken });
  };
  const isEndingSoon = useIdleSignOut(
    session.lastActiveAt,
    (at) => saveSession({ ...session, lastActiveAt: at }),
    () => signOut(text.endedIdle),
  );
  return (
    <>
      {isEndingSoon && (
        <p className="idle" role="alert">
          {text.idleSoon}
        </p>
      )}
      <FilmsPage api={api} session={session} onSignOut={() => signOut(text.endedByHand)} />
    </>
  );
}
