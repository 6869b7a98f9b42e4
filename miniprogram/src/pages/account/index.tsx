import { useDidShow } from '@tarojs/taro';
import { useState } from 'react';
import { AccountPage } from '../../features/account/account-page';
import { go } from '../../platform/go';
import { useSignedIn } from '../../session/use-signed-in';
import { Page } from '../../ui/page';

export default function AccountRoute() {
  const isSignedIn = useSignedIn();
  const [shownCount, setShownCount] = useState(0);
  useDidShow(() => setShownCount((count) => count + 1));
  return <Page>{isSignedIn && <AccountPage onLink={go.link} shownCount={shownCount} />}</Page>;
}
