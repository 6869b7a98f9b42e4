import { View } from '@tarojs/components';
import Taro, { useDidShow, usePullDownRefresh, useReachBottom } from '@tarojs/taro';
import { useEffect, useRef } from 'react';
import { FilmList } from '../../features/films/film-list';
import { text } from '../../features/films/text-zh';
import { useFilmList } from '../../features/films/use-film-list';
import { go } from '../../platform/go';
import { useSessionState } from '../../session/session-context';
import { Page } from '../../ui/page';
import { Press } from '../../ui/press';

export default function FilmsPage() {
  const session = useSessionState();
  const { state, isLoadingMore, refresh, loadMore } = useFilmList(session === 'signed-in');
  const hasBeenShown = useRef(false);
  useEffect(() => {
    if (session === 'signed-out') go.signIn();
  }, [session]);
  // Coming back from a film, a binding or a share: the list may be another.
  useDidShow(() => {
    if (hasBeenShown.current && session === 'signed-in') void refresh();
    hasBeenShown.current = true;
  });
  usePullDownRefresh(() => void refresh().finally(() => Taro.stopPullDownRefresh()));
  useReachBottom(() => void loadMore());

  return (
    <Page>
      <FilmList
        state={state}
        isLoadingMore={isLoadingMore}
        onOpen={go.film}
        onLink={go.link}
        onRetry={() => void refresh()}
        onMore={() => void loadMore()}
      />
      <View className="bottom-bar">
        <Press look="quiet" onPress={go.shares}>
          {text.shares}
        </Press>
        <Press look="quiet" onPress={go.account}>
          {text.account}
        </Press>
      </View>
    </Page>
  );
}
