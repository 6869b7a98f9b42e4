import type { FilmManifest, SeriesManifest } from '@yingyun/shared/contract/film-manifest';
import { useEffect, useRef } from 'react';
import { dragSeries } from './series-drag';
import { text } from './text-zh';
import type { Thumbnails } from './use-thumbnails';
import { isSame, type Placed, type Viewports } from './viewports';

interface RailProps {
  readonly film: FilmManifest;
  /** Heading where two exams stand side by side; '' for one. */
  readonly heading: string;
  readonly pictures: Thumbnails;
  readonly viewports: Viewports;
  readonly onPick: (placed: Placed) => void;
  readonly onDocument: (filmId: string, sopInstanceUid: string) => void;
}

/** An exam's series: a tap puts one into the active viewport, a drag into any. Objects without an image say why. */
export function SeriesRail({ film, heading, pictures, viewports, onPick, onDocument }: RailProps) {
  const shown = viewports.slots.slice(0, viewports.layout);
  const withoutImage = film.series.flatMap((series) => series.withoutImage.map((object) => ({ series, object })));
  return (
    <>
      {heading !== '' && <h2 className="rail-heading">{heading}</h2>}
      {film.series
        .filter((series) => series.frames.length > 0)
        .map((series) => {
          const placed = { filmId: film.filmId, seriesInstanceUid: series.seriesInstanceUid };
          const at = shown.findIndex((slot) => isSame(slot, placed));
          return (
            <SeriesButton
              key={series.seriesInstanceUid}
              series={series}
              picture={pictures.get(series.seriesInstanceUid)}
              shownIn={viewports.layout > 1 && at >= 0 ? at + 1 : undefined}
              isActive={at === viewports.active}
              onPick={() => onPick(placed)}
              onDrag={(transfer) => dragSeries(transfer, placed)}
            />
          );
        })}
      {withoutImage.map(({ series, object }) => (
        <div key={object.sopInstanceUid} className="without-image">
          <span className="code">{series.modality}</span>
          <strong>{object.title === '' ? series.description : object.title}</strong>
          {object.standing === 'unreviewed' && <span className="unreviewed">{text.unreviewed}</span>}
          <span className="dim">{object.reason}</span>
          {object.hasDocument && (
            <button className="toggle" type="button" onClick={() => onDocument(film.filmId, object.sopInstanceUid)}>
              {text.read}
            </button>
          )}
        </div>
      ))}
    </>
  );
}

interface SeriesButtonProps {
  readonly series: SeriesManifest;
  readonly picture: ImageData | undefined;
  /** Number of the viewport it stands in, where there are several. */
  readonly shownIn: number | undefined;
  readonly isActive: boolean;
  readonly onPick: () => void;
  readonly onDrag: (transfer: DataTransfer) => void;
}

function SeriesButton({ series, picture, shownIn, isActive, onPick, onDrag }: SeriesButtonProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (canvas.current === null || picture === undefined) return;
    canvas.current.width = picture.width;
    canvas.current.height = picture.height;
    canvas.current.getContext('2d')?.putImageData(picture, 0, 0);
  }, [picture]);
  const { seriesNumber, description, modality, frames } = series;
  return (
    <button
      className="series"
      type="button"
      draggable
      title={text.putInViewport}
      aria-label={text.series(seriesNumber, description, frames.length)}
      aria-pressed={isActive}
      onClick={onPick}
      onDragStart={(event) => onDrag(event.dataTransfer)}
    >
      <span className="series-picture">
        <canvas ref={canvas} />
        <span className="series-count">{frames.length}</span>
        {shownIn !== undefined && <span className="series-in">{shownIn}</span>}
      </span>
      <span className="series-name">
        <span className="dim">
          {seriesNumber ?? '–'} {modality}
        </span>
        <span className="series-words">{description}</span>
      </span>
    </button>
  );
}
