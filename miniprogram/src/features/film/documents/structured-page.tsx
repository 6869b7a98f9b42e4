import { View } from '@tarojs/components';
import type { ContentItem, StructuredDocument } from '@yingyun/shared/contract/film-document';
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { type FoundImage, findImage } from '@yingyun/shared/document/find-image';
import { type ImageReference, imagesWithin, measurementGroups } from '@yingyun/shared/document/measurement-groups';
import { valueWords } from '@yingyun/shared/document/value-words';
import { wordsOf } from '@yingyun/shared/document/words-zh';
import { Press } from '../../../ui/press';
import { text } from './text-zh';

interface StructuredPageProps {
  readonly film: FilmManifest;
  readonly document: StructuredDocument;
  readonly onShow: (image: FoundImage) => void;
  readonly onBack: () => void;
}

/** A structured report or key object selection, to read below the images that it speaks of. */
export function StructuredPage({ film, document, onShow, onBack }: StructuredPageProps) {
  const { groups, rest } = measurementGroups(document);
  const isKey = document.kind === 'key-object';
  const isBackground = (item: ContentItem) => /^HAS (OBS CONTEXT|CONCEPT MOD)$/.test(item.relationship);
  const background = rest.filter(isBackground);
  const content = rest.filter((item) => !isBackground(item) && !(isKey && item.value.type === 'image'));
  const keyImages = isKey ? document.content.flatMap(imagesWithin) : [];
  const states = [
    document.contentAt.replace('T', ' '),
    text.completion[document.completion],
    text.verification[document.verification],
  ];
  const shown = { film, onShow };
  return (
    <View className="document">
      <Press look="quiet" onPress={onBack}>
        {text.back}
      </Press>
      <View className="report-title">{wordsOf(document.title)}</View>
      <View className="report-line">{states.filter((words) => words !== '').join('  ')}</View>
      {groups.length > 0 && <View className="passage-title">{text.measurements}</View>}
      {groups.map((group, i) => (
        <View className="document-group" key={`${i} ${group.name}`}>
          <View className="document-target">
            {[group.name === '' ? text.unnamed(i + 1) : group.name, ...group.about].join(' · ')}
          </View>
          {group.rows.map((row) => (
            <View className="document-row" key={`${row.name} ${row.value}`}>
              <View className="document-name">{row.name}</View>
              <View>{[row.value, row.unit].filter((words) => words !== '').join(' ')}</View>
            </View>
          ))}
          <Images images={group.images} {...shown} />
        </View>
      ))}
      <Items items={content} {...shown} />
      {isKey && <View className="passage-title">{text.images(keyImages.length)}</View>}
      <Images images={keyImages} {...shown} />
      {!isKey && groups.length + content.length === 0 && <View className="extras-line">{text.empty}</View>}
      {background.length > 0 && <View className="passage-title">{text.background}</View>}
      <Items items={background} {...shown} />
      <View className="report-foot">{text.footer}</View>
    </View>
  );
}

type Shown = Pick<StructuredPageProps, 'film' | 'onShow'>;

/** In the document's order: a container's name is a heading, anything else a line with what belongs to it below. */
function Items({ items, ...shown }: Shown & { readonly items: readonly ContentItem[] }) {
  const isPlainImage = ({ value, children }: ContentItem) => value.type === 'image' && children.length === 0;
  return (
    <View>
      {items.map((item, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a document never changes, and an item is its place in it
        <View className={item.value.type === 'container' ? 'document-part' : 'document-item'} key={i}>
          <View className={item.value.type === 'container' ? 'passage-title' : 'document-name'}>
            {item.name === null ? '' : wordsOf(item.name)}
          </View>
          {item.value.type === 'image' ? (
            <Images images={[item.value]} {...shown} />
          ) : (
            item.value.type !== 'container' && <View className="passage-words">{valueWords(item.value, text)}</View>
          )}
          <Items items={item.children.filter((child) => !isPlainImage(child))} {...shown} />
          <Images images={item.children.filter(isPlainImage).flatMap(imagesWithin)} {...shown} />
        </View>
      ))}
    </View>
  );
}

/** A button for each image that the film has, and in one sentence how many it hasn't. */
function Images({ images, film, onShow }: Shown & { readonly images: readonly ImageReference[] }) {
  const found = images.map(({ sopInstanceUid, frames }) => findImage(film, sopInstanceUid, frames[0]));
  const here = found.filter((image) => image !== null);
  if (images.length === 0) return null;
  return (
    <View className="document-images">
      {here.map((image) => (
        <Press
          look="quiet"
          className="document-image"
          key={`${image.series}/${image.frame}`}
          onPress={() => onShow(image)}
        >
          {text.image(film.series[image.series]?.seriesNumber ?? null, image.frame + 1)}
        </Press>
      ))}
      {here.length < images.length && <View>{text.imagesElsewhere(images.length - here.length)}</View>}
    </View>
  );
}
