import { View } from '@tarojs/components';
import type { PatientFilmItem } from '@yingyun/shared/contract/patient-routes';
import { spoken } from '../../platform/spoken';
import { examWords, remainingWords } from '../../ui/format-time';
import { text } from './text-zh';

/** One examination, large enough to hit and to read. */
export function FilmCard({ film, onOpen }: { film: PatientFilmItem; onOpen: () => void }) {
  const title = film.examItem === '' ? film.modalities.join(' ') : film.examItem;
  return (
    <View className="card film-card" hoverClass="card-down" {...spoken('button')} onClick={onOpen}>
      <View className="film-card-head">
        <View className="film-card-title">{title}</View>
        <View className="film-card-person">{film.nameMasked}</View>
      </View>
      <View className="film-card-when">{examWords(film.examAt)}</View>
      <View className="film-card-where">{film.hospitalName}</View>
      <View className="chips">
        <View className={`chip chip-${film.reportStatus}`}>{text.report[film.reportStatus]}</View>
        <View className="chip">{text.images(film.instanceCount)}</View>
        {film.activeShares > 0 && <View className="chip chip-shared">{text.shared(film.activeShares)}</View>}
        {film.viewUntil !== null && (
          <View className="chip chip-amended">{text.viewUntil(remainingWords(film.viewUntil, Date.now()))}</View>
        )}
      </View>
    </View>
  );
}

/** The shape of the list while it loads. */
export function FilmCardsSkeleton() {
  return (
    <View {...spoken('status', { label: text.loading })}>
      {[1, 2, 3, 4].map((row) => (
        <View className="card" key={row}>
          <View className="bone bone-title" />
          <View className="bone bone-mid" />
          <View className="bone bone-short" />
        </View>
      ))}
    </View>
  );
}
