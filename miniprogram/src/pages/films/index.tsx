import { View } from '@tarojs/components';
import Taro, { useDidShow, usePullDownRefresh, useReachBottom } from '@tarojs/taro';
import { useRef } from 'react';
import { FilmList } from '../../features/films/film-list';
import { text } from '../../features/films/text-zh';
import { useFilmList } from '../../features/films/use-film-list';
import { go } from '../../platform/go';
import { useSignedIn } from '../../session/use-signed-in';
import { Page } from '../../ui/page';
import { Press } from '../../ui/press';

export default function FilmsPage() {
  const isSignedIn = useSignedIn();
  const { state, isLoadingMore, refresh, loadMore } = useFilmList(isSignedIn);
  const hasBeenShown = useRef(false);
  // Coming back from a film, a binding or a share: the list may be another.
  useDidShow(() => {
    if (hasBeenShown.current && isSignedIn) void refresh();
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
