import { useRouter } from '@tarojs/taro';
import { useEffect } from 'react';
import { FilmPage } from '../../../features/film/film-page';
import { useFilm } from '../../../features/film/use-film';
import { go } from '../../../platform/go';
import { useSessionState } from '../../../session/session-context';
import { Page } from '../../../ui/page';

export default function FilmRoute() {
  const filmId = useRouter().params['film'] ?? '';
  const session = useSessionState();
  const { state, load } = useFilm(filmId, session === 'signed-in');
  useEffect(() => {
    if (session === 'signed-out') go.signIn();
  }, [session]);
  return (
    <Page className="page-film">
      <FilmPage
        state={state}
        onRetry={() => void load()}
        onShare={go.newShare}
        onOpenOther={go.otherFilm}
        onAccessLost={() => void load()}
      />
    </Page>
  );
}
