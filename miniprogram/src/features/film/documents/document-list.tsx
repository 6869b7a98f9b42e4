import { View } from '@tarojs/components';
import type { FilmManifest, ObjectWithoutImage } from '@yingyun/shared/contract/film-manifest';
import { spoken } from '../../../platform/spoken';
import { text } from './text-zh';

/** What of the film can be read, one tap away; and what can be once the report is approved. */
export function DocumentList({ film, opening, onOpen }: DocumentListProps) {
  const all = film.series.flatMap((series) => series.withoutImage);
  const objects = all.filter((object) => object.hasDocument);
  const waiting = all.filter((object) => object.standing === 'waiting');
  if (objects.length + waiting.length === 0) return null;
  return (
    <View className="extras">
      <View className="extras-title">{text.documents}</View>
      {objects.map((object) => (
        <View
          className="extras-row"
          hoverClass="card-down"
          {...spoken('button')}
          key={object.sopInstanceUid}
          onClick={() => onOpen(object)}
        >
          <View className="extras-name">{object.title === '' ? kindWords(object) : object.title}</View>
          <View className="extras-when">{opening === object.sopInstanceUid ? text.loading : kindWords(object)}</View>
        </View>
      ))}
      {waiting.map((object) => (
        <View className="extras-row" key={object.sopInstanceUid}>
          <View className="extras-name">{kindWords(object)}</View>
          <View className="extras-when">{text.waiting}</View>
        </View>
      ))}
    </View>
  );
}

interface DocumentListProps {
  readonly film: FilmManifest;
  /** UID of what is on its way. */
  readonly opening: string;
  readonly onOpen: (object: ObjectWithoutImage) => void;
}

function kindWords({ kind }: ObjectWithoutImage): string {
  const words: Readonly<Record<string, string>> = text.kind;
  return words[kind] ?? text.documents;
}
