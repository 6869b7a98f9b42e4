import type { ApiClient } from '@yingyun/shared/contract/api-client';
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { SignInPage } from './sign-in-page';
import { createStaffApi, loadSession, type StaffApi, type StaffSession, saveSession } from './staff-session';
import { text } from './text-zh';
import { idleLimitMs, useIdleSignOut } from './use-idle-sign-out';

/** What a surface is given once somebody is signed in. */
export interface SignedInStaff {
  readonly api: StaffApi;
  readonly session: StaffSession;
  signOut(): void;
}

interface StaffAppProps {
  readonly client: ApiClient;
  /** Heading of the sign-in page. */
  readonly title: string;
  readonly children: (signedIn: SignedInStaff) => ReactNode;
}

/** Sign-in, then the surface. Whatever ends the session takes the whole signed-in tree off the screen, and its address. */
export function StaffApp({ client, title, children }: StaffAppProps) {
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
        title={title}
        notice={endedBecause}
        onSignedIn={(signedIn) => {
          const begun = { ...signedIn, lastActiveAt: Date.now() };
          saveSession(begun);
          setSession(begun);
        }}
      />
    );
  }
  return (
    <SignedIn key={session.accessToken} client={client} session={session} onEnd={end}>
      {children}
    </SignedIn>
  );
}

interface SignedInProps {
  readonly client: ApiClient;
  readonly session: StaffSession;
  readonly onEnd: (why: string) => void;
  readonly children: (signedIn: SignedInStaff) => ReactNode;
}

function SignedIn({ client, session, onEnd, children }: SignedInProps) {
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
      {children({ api, session, signOut: () => signOut(text.endedByHand) })}
    </>
  );
}
