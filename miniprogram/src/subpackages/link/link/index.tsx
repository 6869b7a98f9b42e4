import { LinkPage } from '../../../features/link/link-page';
import { go } from '../../../platform/go';
import { useSignedIn } from '../../../session/use-signed-in';
import { Page } from '../../../ui/page';

export default function LinkRoute() {
  const isSignedIn = useSignedIn();
  return <Page className="page-calm">{isSignedIn && <LinkPage onDone={go.films} />}</Page>;
}
