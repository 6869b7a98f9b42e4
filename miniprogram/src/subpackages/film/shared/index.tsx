import { useRouter } from '@tarojs/taro';
import { FilmPage } from '../../../features/film/film-page';
import { PasscodeForm } from '../../../features/film/passcode-form';
import { useSharedFilm } from '../../../features/film/use-shared-film';
import { go } from '../../../platform/go';
import { Page } from '../../../ui/page';

/** What a friend opens from a card in a chat: no account is needed, the passcode is. */
export default function SharedRoute() {
  const { state, access, open, load, lose } = useSharedFilm(useRouter().params['t'] ?? '');
  if (state.at === 'closed')
    return (
      <Page className="page-calm">
        <PasscodeForm isLost={state.isLost} onOpen={open} />
      </Page>
    );
  return (
    <Page className="page-film">
      <FilmPage
        state={state}
        access={access}
        onRetry={() => void load()}
        onOpenOther={go.otherFilm}
        onAccessLost={lose}
      />
    </Page>
  );
}
