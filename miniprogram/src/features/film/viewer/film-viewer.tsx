import { Canvas, View } from '@tarojs/components';
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import type { FoundImage } from '@yingyun/shared/document/find-image';
import { useEffect } from 'react';
import { spoken } from '../../../platform/spoken';
import type { FilmAccess } from '../film-access';
import { SeriesStrip } from './series-strip';
import { SliceSlider } from './slice-slider';
import { text } from './text-zh';
import { Toolbar } from './toolbar';
import { marksId, pictureId, touchId, useEngine } from './use-engine';

interface FilmViewerProps {
  readonly film: FilmManifest;
  readonly access: FilmAccess;
  readonly isFull: boolean;
  readonly onFull: () => void;
  /** What somebody wants to see, who read of it. */
  readonly asked: FoundImage | undefined;
  /** The images have changed since: the film has to be read again. */
  readonly onChanged: () => void;
  readonly onAccessLost: () => void;
}

/** The images of a film: fingers go straight to the engine, the engine straight to the canvas; React keeps the controls. */
export function FilmViewer(props: FilmViewerProps) {
  const { film, isFull, onFull, asked } = props;
  const { engine, facts, thumbnails, kind, hasNoCanvas, touch } = useEngine(props);
  const notice = noticeOf(film, facts, hasNoCanvas);
  useEffect(() => {
    if (engine === null || asked === undefined) return;
    engine.session.showSeries(asked.series);
    engine.session.show(asked.frame);
  }, [engine, asked]);
  return (
    <View className="viewer">
      <View className={`stage ${facts?.reduce === 0 && notice === '' ? 'stage-sharp' : ''}`}>
        <Canvas className="stage-canvas" id={pictureId} canvasId={pictureId} key={kind} type={kind} />
        <Canvas className="stage-canvas" id={marksId} canvasId={marksId} type="2d" />
        <View
          className="stage-touch"
          id={touchId}
          catchMove
          {...spoken('group', { label: text.hint })}
          onTouchStart={touch('down')}
          onTouchMove={touch('move')}
          onTouchEnd={touch('up')}
          onTouchCancel={touch('cancel')}
        />
        {facts?.reduce !== null && facts?.reduce !== undefined && facts.reduce > 0 && (
          <View className="stage-badge">{text.preview(2 ** facts.reduce)}</View>
        )}
        {facts?.isDerived === true && <View className="stage-derived">{text.derived}</View>}
        {notice !== '' && (
          <View className="stage-notice" {...spoken('status')}>
            {notice}
          </View>
        )}
      </View>
      {facts !== null && engine !== null && (
        <View className="viewer-controls">
          <SliceSlider
            facts={facts}
            onShow={(frame) => engine.session.show(frame)}
            onGrab={() => engine.session.stopCine()}
          />
          {isFull && (
            <SeriesStrip
              film={film}
              current={facts.series}
              thumbnails={thumbnails}
              onPick={(series) => engine.session.showSeries(series)}
            />
          )}
          <Toolbar session={engine.session} desk={engine.desk} facts={facts} isFull={isFull} onFull={onFull} />
        </View>
      )}
    </View>
  );
}

function noticeOf(film: FilmManifest, facts: ReturnType<typeof useEngine>['facts'], hasNoCanvas: boolean): string {
  if (hasNoCanvas) return text.noCanvas;
  if (facts === null) return text.loading;
  if (facts.frameCount === 0) return film.series[facts.series]?.withoutImage[0]?.reason ?? text.seriesWithoutImage;
  if (facts.state !== 'fine') return text[facts.state];
  return facts.reduce === null ? text.loading : '';
}
