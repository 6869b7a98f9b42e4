import { useRouter, useShareAppMessage } from '@tarojs/taro';
import type { CreatedPatientShare } from '@yingyun/shared/contract/patient-routes';
import { useState } from 'react';
import { MadeShare } from '../../../features/shares/made-share';
import { NewShareForm } from '../../../features/shares/new-share-form';
import { shareTokenOf } from '../../../features/shares/share-token';
import { text } from '../../../features/shares/text-zh';
import { go } from '../../../platform/go';
import { useSignedIn } from '../../../session/use-signed-in';
import { Page } from '../../../ui/page';

export default function NewShareRoute() {
  const filmId = useRouter().params['film'] ?? '';
  const isSignedIn = useSignedIn();
  const [share, setShare] = useState<CreatedPatientShare | null>(null);
  // The message holds the token alone: whoever opens it still needs the passcode.
  useShareAppMessage(() => ({
    title: text.messageTitle,
    path: share === null ? '/pages/films/index' : `/subpackages/film/shared/index?t=${shareTokenOf(share.url)}`,
  }));
  return (
    <Page>
      {isSignedIn && share === null && <NewShareForm filmId={filmId} onMade={setShare} />}
      {share !== null && <MadeShare share={share} onDone={go.back} />}
    </Page>
  );
}
