import { useDidShow } from '@tarojs/taro';
import type { ApiFailure } from '@yingyun/shared/contract/api-client';
import { heldUntilMs } from '@yingyun/shared/contract/share-hold';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useApp } from '../../session/session-context';
import { sharedAccess } from './film-access';
import type { FilmState } from './use-film';

/** A share is asked about this often: that is also how a reader who loads nothing learns of a revocation. */
const renewEveryMs = 45_000;

/** A film that somebody else shared: closed until the passcode opens it, and again once the server says so. */
export function useSharedFilm(shareToken: string) {
  const { client } = useApp();
  const accessToken = useRef('');
  const heldUntil = useRef(0);
  const [state, setState] = useState<FilmState | { readonly at: 'closed'; readonly isLost: boolean }>({
    at: 'closed',
    isLost: false,
  });
  const access = useMemo(() => sharedAccess(() => accessToken.current), []);
  const lose = () => {
    accessToken.current = '';
    setState({ at: 'closed', isLost: true });
  };
  const load = async () => {
    setState({ at: 'loading' });
    const result = await client.call('sharedFilm', { token: accessToken.current });
    if (result.ok) setState({ at: 'open', page: { film: result.value, otherFilms: [] } });
    else if (result.status === 0 || result.status >= 500) setState({ at: 'failed', failure: result });
    else lose();
  };
  const open = async (passcode: string): Promise<ApiFailure | undefined> => {
    const result = await client.call('openShare', { body: { token: shareToken, passcode } });
    if (!result.ok) return result;
    accessToken.current = result.value.accessToken;
    heldUntil.current = heldUntilMs(Date.now(), result.value.expiresAt);
    if (result.value.film === null) await load();
    else setState({ at: 'open', page: { film: result.value.film, otherFilms: [] } });
    return undefined;
  };
  const isOpen = state.at !== 'closed';
  const renew = useCallback(async () => {
    if (accessToken.current === '') return;
    const result = await client.call('renewShare', { token: accessToken.current });
    if (accessToken.current === '') return;
    const isRefused = !result.ok && (result.status === 401 || result.status === 403 || result.status === 404);
    if (result.ok) {
      accessToken.current = result.value.accessToken;
      heldUntil.current = heldUntilMs(Date.now(), result.value.expiresAt);
    } else if (isRefused || Date.now() >= heldUntil.current) {
      // Off the line nobody can say that it is still shared: it goes when the server's last word is over.
      accessToken.current = '';
      setState({ at: 'closed', isLost: true });
    }
  }, [client]);
  useEffect(() => {
    if (!isOpen) return undefined;
    const timer = setInterval(() => void renew(), renewEveryMs);
    return () => clearInterval(timer);
  }, [isOpen, renew]);
  useDidShow(() => void renew());
  return { state, access, open, load, lose };
}
