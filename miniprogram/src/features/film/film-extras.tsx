import { View } from '@tarojs/components';
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import type { PatientFilmItem } from '@yingyun/shared/contract/patient-routes';
import { spoken } from '../../platform/spoken';
import { examWords } from '../../ui/format-time';
import { text } from './text-zh';

/** One tap to the same person's other exams. */
export function OtherExams({ films, onOpen }: { films: readonly PatientFilmItem[]; onOpen: (filmId: string) => void }) {
  if (films.length === 0) return null;
  return (
    <View className="extras">
      <View className="extras-title">{text.otherExams}</View>
      {films.map((film) => (
        <View
          className="extras-row"
          hoverClass="card-down"
          {...spoken('button')}
          key={film.filmId}
          onClick={() => onOpen(film.filmId)}
        >
          <View className="extras-name">{film.examItem === '' ? film.modalities.join(' ') : film.examItem}</View>
          <View className="extras-when">
            {examWords(film.examAt).slice(0, 11)} · {text.images(film.instanceCount)}
          </View>
        </View>
      ))}
    </View>
  );
}

/** What the exam holds besides images and documents, and why it isn't shown here. */
export function WithoutImage({ film }: { film: FilmManifest }) {
  const reasons = new Map<string, number>();
  for (const series of film.series) {
    for (const { reason, hasDocument, standing } of series.withoutImage)
      if (!hasDocument && standing === undefined) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  if (reasons.size === 0) return null;
  return (
    <View className="extras">
      <View className="extras-title">{text.withoutImage}</View>
      {[...reasons].map(([reason, count]) => (
        <View className="extras-line" key={reason}>
          {count > 1 ? `${reason}（${count}）` : reason}
        </View>
      ))}
    </View>
  );
}
