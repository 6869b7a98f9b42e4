import { useRouter } from '@tarojs/taro';
import { FilmPage } from '../../../features/film/film-page';
import { useFilm } from '../../../features/film/use-film';
import { go } from '../../../platform/go';
import { useSignedIn } from '../../../session/use-signed-in';
import { Page } from '../../../ui/page';

export default function FilmRoute() {
  const filmId = useRouter().params['film'] ?? '';
  const { state, load } = useFilm(filmId, useSignedIn());
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
