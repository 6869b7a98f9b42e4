import { ShareList } from '../../../features/shares/share-list';
import { go } from '../../../platform/go';
import { useSignedIn } from '../../../session/use-signed-in';
import { Page } from '../../../ui/page';

export default function SharesRoute() {
  return <Page>{useSignedIn() && <ShareList onFilms={go.films} />}</Page>;
}
