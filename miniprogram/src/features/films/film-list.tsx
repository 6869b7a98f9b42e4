import { View } from '@tarojs/components';
import { spoken } from '../../platform/spoken';
import { failureWords } from '../../ui/failure-words';
import { Empty, Notice } from '../../ui/notice';
import { Press } from '../../ui/press';
import { FilmCard, FilmCardsSkeleton } from './film-card';
import { groupByYear } from './group-by-year';
import { text } from './text-zh';
import type { FilmListState } from './use-film-list';

interface FilmListProps {
  readonly state: FilmListState;
  readonly isLoadingMore: boolean;
  readonly onOpen: (filmId: string) => void;
  readonly onLink: () => void;
  readonly onRetry: () => void;
  readonly onMore: () => void;
}

/** Newest first, by year; and what there is to say where no film is. */
export function FilmList(props: FilmListProps) {
  const { state } = props;
  if (state.at === 'loading') return <FilmCardsSkeleton />;
  if (state.at === 'failed') {
    const isOffline = state.failure.code === 'offline';
    const words = isOffline ? text.offlineEmptyWords : failureWords(state.failure);
    const title = isOffline ? text.offlineEmpty : text.failedTitle;
    return <Empty title={title} words={words} action={{ words: text.retry, onPress: props.onRetry }} />;
  }
  return (
    <View>
      {state.stale !== undefined && (
        <Notice tone="warn">{state.stale.code === 'offline' ? text.offline : failureWords(state.stale)}</Notice>
      )}
      {state.films.length === 0 &&
        (state.hasLinks ? (
          <Empty
            title={text.emptyTitle}
            words={text.emptyWords}
            action={{ words: text.linkMore, onPress: props.onLink }}
          />
        ) : (
          <Empty
            title={text.noLinkTitle}
            words={text.noLinkWords}
            action={{ words: text.link, onPress: props.onLink }}
          />
        ))}
      {groupByYear(state.films).map(({ year, films }) => (
        <View key={year}>
          <View className="year" {...spoken('heading')}>
            {text.year(year)}
          </View>
          {films.map((film) => (
            <FilmCard film={film} key={film.filmId} onOpen={() => props.onOpen(film.filmId)} />
          ))}
        </View>
      ))}
      {state.nextCursor !== null && (
        <Press look="quiet" isBusy={props.isLoadingMore} onPress={props.onMore}>
          {props.isLoadingMore ? text.loadingMore : text.more}
        </Press>
      )}
    </View>
  );
}
