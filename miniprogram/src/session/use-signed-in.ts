import { useEffect } from 'react';
import { go } from '../platform/go';
import { useSessionState } from './session-context';

/** True once somebody is signed in; leads to the sign-in page where nobody is. */
export function useSignedIn(): boolean {
  const state = useSessionState();
  useEffect(() => {
    if (state === 'signed-out') go.signIn();
  }, [state]);
  return state === 'signed-in';
}
