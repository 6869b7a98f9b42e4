import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import type { FirstPicture } from '@yingyun/shared/contract/routes';
import type { FrameLoader } from '@yingyun/shared/imaging/frame-loader';
import { isPlainGrey, plainPicture } from '@yingyun/shared/imaging/plain-picture';

/** Gives the loader what came along with the film to look at first, if it is of this film and whole. The loader asks for the slice all the same. */
export function showPlain(
  loader: Pick<FrameLoader, 'seed' | 'attributes'>,
  film: Pick<FilmManifest, 'series'>,
  picture: FirstPicture | null | undefined,
): void {
  const series = film.series.findIndex((one) => one.seriesInstanceUid === picture?.seriesInstanceUid);
  if (picture === null || picture === undefined || film.series[series]?.frames[picture.frame] === undefined) return;
  const key = { series, frame: picture.frame };
  const attributes = loader.attributes(key);
  if (!isPlainGrey(attributes) || picture.reduce < 1) return;
  try {
    const samples = Uint8Array.from(atob(picture.base64), (letter) => letter.charCodeAt(0));
    loader.seed(key, plainPicture(samples, attributes, picture.reduce));
  } catch {
    // too few bytes, or no base64: the frames come from the server anyway
  }
}
