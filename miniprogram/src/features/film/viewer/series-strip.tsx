import { Image, ScrollView, View } from '@tarojs/components';
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { bmpUrl } from '../../../platform/bmp-url';
import { spoken } from '../../../platform/spoken';
import { text } from './text-zh';

interface SeriesStripProps {
  readonly film: FilmManifest;
  readonly current: number;
  readonly thumbnails: ReadonlyMap<number, Uint8Array<ArrayBuffer>>;
  readonly onPick: (series: number) => void;
}

/** A button a series, with its middle slice; nothing where the film has one series only. */
export function SeriesStrip({ film, current, thumbnails, onPick }: SeriesStripProps) {
  if (film.series.length < 2) return null;
  return (
    <ScrollView className="strip" scrollX enhanced showScrollbar={false}>
      <View className="strip-row">
        {film.series.map((series, index) => {
          const bmp = thumbnails.get(index);
          return (
            <View
              className={`strip-series ${index === current ? 'strip-series-on' : ''}`}
              {...spoken('button', { isOn: index === current })}
              key={series.seriesInstanceUid}
              onClick={() => onPick(index)}
            >
              {bmp === undefined ? (
                <View className="strip-image" />
              ) : (
                <Image className="strip-image" src={bmpUrl(bmp)} />
              )}
              <View className="strip-name">{text.series(series.seriesNumber, series.frames.length)}</View>
            </View>
          );
        })}
      </View>
    </ScrollView>
  );
}
