import { useRouter } from '@tarojs/taro';
import { useMemo } from 'react';
import { ownAccess } from '../../../features/film/film-access';
import { FilmPage } from '../../../features/film/film-page';
import { useFilm } from '../../../features/film/use-film';
import { go } from '../../../platform/go';
import { useApp } from '../../../session/session-context';
import { useSignedIn } from '../../../session/use-signed-in';
import { Page } from '../../../ui/page';

export default function FilmRoute() {
  const filmId = useRouter().params['film'] ?? '';
  const { session } = useApp();
  const access = useMemo(() => ownAccess(session, filmId), [session, filmId]);
  const { state, load } = useFilm(filmId, useSignedIn());
  return (
    <Page className="page-film">
      <FilmPage
        state={state}
        access={access}
        onRetry={() => void load()}
        onShare={go.newShare}
        onOpenOther={go.otherFilm}
        onAccessLost={() => void load()}
      />
    </Page>
  );
}
