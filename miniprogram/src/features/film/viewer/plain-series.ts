import type { FilmManifest, SeriesManifest } from '@yingyun/shared/contract/film-manifest';
import { frameAttributes } from '@yingyun/shared/imaging/frame-attributes';
import { pyramidSeries } from '@yingyun/shared/imaging/frame-pyramid';
import type { PhoneCodecs } from '../../../platform/decoder-contract';

/** The film as this phone sees it, and which of its series come as plain samples: those with a frame that it can't decode itself. */
export function filmForPhone(film: FilmManifest, codecs: PhoneCodecs) {
  const isPlain = (series: SeriesManifest): boolean =>
    series.frames.some((frame) => {
      const { codec } = frameAttributes(series, frame);
      return (codec === 'htj2k' && !codecs.htj2k) || (codec === 'jpeg' && !codecs.jpeg);
    });
  const plain = new Set(film.series.filter(isPlain).map((series) => series.seriesInstanceUid));
  const series = film.series.map((one) => (plain.has(one.seriesInstanceUid) ? pyramidSeries(one) : one));
  return {
    film: { ...film, series } satisfies FilmManifest,
    isPlain: (seriesInstanceUid: string): boolean => plain.has(seriesInstanceUid),
  };
}
