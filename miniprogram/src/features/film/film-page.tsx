import { ScrollView, View } from '@tarojs/components';
import type { FoundImage } from '@yingyun/shared/document/find-image';
import { useState } from 'react';
import { spoken } from '../../platform/spoken';
import { failureWords } from '../../ui/failure-words';
import { Empty } from '../../ui/notice';
import { Press } from '../../ui/press';
import { DocumentList } from './documents/document-list';
import { StructuredPage } from './documents/structured-page';
import { useDocuments } from './documents/use-documents';
import type { FilmAccess } from './film-access';
import { OtherExams, WithoutImage } from './film-extras';
import { Report } from './report';
import { text } from './text-zh';
import type { FilmState } from './use-film';
import { FilmViewer } from './viewer/film-viewer';

interface FilmPageProps {
  readonly state: FilmState;
  readonly access: FilmAccess;
  readonly onRetry: () => void;
  /** Absent: whoever looks may not pass it on. */
  readonly onShare?: (filmId: string) => void;
  readonly onOpenOther: (filmId: string) => void;
  /** The server no longer lets us see this film. */
  readonly onAccessLost: () => void;
}

/** Images above, report below, on one screen; the images can have it all. */
export function FilmPage({ state, access, onRetry, onShare, onOpenOther, onAccessLost }: FilmPageProps) {
  const [isFull, setFull] = useState(false);
  const [asked, setAsked] = useState<FoundImage>();
  const documents = useDocuments(access);
  if (state.at === 'loading') return <FilmSkeleton />;
  if (state.at === 'failed') {
    const { failure } = state;
    const words =
      failure.code === 'offline' ? text.offline : failure.status === 404 ? text.notFound : failureWords(failure);
    return <Empty title={text.failed} words={words} action={{ words: text.retry, onPress: onRetry }} />;
  }
  const { film, otherFilms } = state.page;
  const hasImages = film.series.some((series) => series.frames.length > 0);
  return (
    <View className={`film ${isFull ? 'film-full' : ''}`}>
      <View className="film-images">
        {hasImages ? (
          <FilmViewer
            film={film}
            access={access}
            isFull={isFull}
            asked={asked}
            onFull={() => setFull(!isFull)}
            onChanged={onRetry}
            onAccessLost={onAccessLost}
          />
        ) : (
          <Empty title={text.noImages} words={text.noImagesWords} />
        )}
      </View>
      {!isFull && (
        // A document begins at its beginning, wherever in the report its name was pressed.
        <ScrollView className="film-sheet" key={documents.turn} scrollY enhanced showScrollbar={false}>
          {documents.document === null ? (
            <Report film={film} />
          ) : (
            <StructuredPage film={film} document={documents.document} onShow={setAsked} onBack={documents.close} />
          )}
          <DocumentList film={film} opening={documents.opening} onOpen={(one) => void documents.open(one)} />
          {onShare !== undefined && (
            <Press className="film-share" onPress={() => onShare(film.filmId)}>
              {text.share}
            </Press>
          )}
          <OtherExams films={otherFilms} onOpen={onOpenOther} />
          <WithoutImage film={film} />
        </ScrollView>
      )}
    </View>
  );
}

function FilmSkeleton() {
  return (
    <View className="film" {...spoken('status', { label: text.loading })}>
      <View className="film-images film-images-waiting" />
      <View className="film-sheet">
        <View className="report">
          <View className="bone bone-title" />
          <View className="bone bone-mid" />
          <View className="bone bone-block" />
        </View>
      </View>
    </View>
  );
}
