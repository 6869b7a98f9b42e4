import type { ContentItem, StructuredDocument } from '@yingyun/shared/contract/film-document';
import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { findImage } from '@yingyun/shared/document/find-image';
import {
  type ImageReference,
  imagesWithin,
  type MeasurementGroup,
  measurementGroups,
} from '@yingyun/shared/document/measurement-groups';
import { valueWords } from '@yingyun/shared/document/value-words';
import { wordsOf } from '@yingyun/shared/document/words-zh';
import { formatAge, reportText } from '../ui/text-zh';
import { documentText as text } from './document-text-zh';
import { make } from './dom';

type ShowImage = (sopInstanceUid: string, frame?: number) => boolean;

/**
 * A structured report or key object selection as an article to read and print: whose it is, its measurements as a table, its content in
 * the order of the document, and last who wrote it with what.
 */
export function renderStructuredDocument(
  film: FilmManifest,
  document: StructuredDocument,
  showImage: ShowImage,
): HTMLElement {
  const article = make('article', 'yd-paper');
  heading(article, film, document);
  const { groups, rest } = measurementGroups(document);
  const isKey = document.kind === 'key-object';
  const background = rest.filter(
    (item) => item.relationship === 'HAS OBS CONTEXT' || item.relationship === 'HAS CONCEPT MOD',
  );
  const content = rest.filter((item) => !background.includes(item) && !(isKey && item.value.type === 'image'));
  if (groups.length > 0) measurements(article, film, groups, showImage);
  for (const item of content) renderItem(article, item, 2, film, showImage);
  if (isKey) keyImages(article, film, document, showImage);
  if (!isKey && groups.length === 0 && content.length === 0) make('p', 'yd-notice', article, text.empty);
  if (background.length > 0) {
    const section = make('section', 'yd-background', article);
    make('h2', '', section, text.background);
    for (const item of background) renderItem(section, item, 3, film, showImage);
  }
  make('footer', 'yd-foot', article, text.footer);
  return article;
}

function heading(article: HTMLElement, film: FilmManifest, document: StructuredDocument): void {
  const head = make('header', 'yd-head', article);
  make('p', 'yd-hospital', head, film.hospitalName);
  make('h1', '', head, wordsOf(document.title));
  const { patient } = film;
  const person = [
    patient.name ?? patient.nameMasked,
    reportText.sex[patient.sex],
    formatAge(patient.age),
    film.examItem,
  ];
  parts(make('p', 'yd-person', head), person);
  const written = document.contentAt === '' ? '' : `${text.writtenAt} ${document.contentAt.replace('T', ' ')}`;
  const states = [written, text.completion[document.completion], text.verification[document.verification]];
  parts(make('p', 'yd-state', head), states);
}

/** Side by side, each kept in one line. */
function parts(parent: HTMLElement, all: readonly string[]): void {
  for (const words of all) if (words !== '') make('span', 'yd-part', parent, words);
}

function keyImages(article: HTMLElement, film: FilmManifest, document: StructuredDocument, showImage: ShowImage): void {
  const images = document.content.flatMap(imagesWithin);
  const section = make('section', '', article);
  make('h2', '', section, text.images(images.length));
  imageButtons(section, film, images, showImage);
}

function measurements(
  article: HTMLElement,
  film: FilmManifest,
  groups: readonly MeasurementGroup[],
  showImage: ShowImage,
): void {
  const section = make('section', '', article);
  make('h2', '', section, text.measurements);
  const table = make('table', 'yd-table', section);
  const head = make('tr', '', make('thead', '', table));
  for (const words of [text.item, text.value, text.unit]) make('th', '', head, words).scope = 'col';
  groups.forEach((group, index) => {
    const body = make('tbody', '', table);
    const title = make('th', 'yd-target', make('tr', '', body));
    title.colSpan = 3;
    title.scope = 'rowgroup';
    make('span', '', title, [group.name === '' ? text.unnamed(index + 1) : group.name, ...group.about].join(' · '));
    if (group.images.length > 0) imageButtons(title, film, group.images, showImage);
    for (const { name, value, unit, isNumber } of group.rows) {
      const row = make('tr', '', body);
      make('td', '', row, name);
      const cell = make('td', isNumber ? 'yd-number' : '', row, value);
      if (isNumber) make('td', '', row, unit);
      else cell.colSpan = 2;
    }
  });
}

/** A container becomes a section with a heading of its depth; anything else a line, with what belongs to it below. */
function renderItem(
  parent: HTMLElement,
  item: ContentItem,
  depth: number,
  film: FilmManifest,
  showImage: ShowImage,
): void {
  const name = item.name === null ? '' : wordsOf(item.name);
  if (item.value.type === 'container') {
    const section = make('section', 'yd-section', parent);
    if (name !== '') make(depth <= 2 ? 'h2' : depth === 3 ? 'h3' : 'h4', '', section, name);
    const isPlainImage = (child: ContentItem) => child.value.type === 'image' && child.children.length === 0;
    for (const child of item.children) {
      if (!isPlainImage(child)) renderItem(section, child, depth + 1, film, showImage);
    }
    // An image library names them by the hundred.
    const images = item.children.filter(isPlainImage).flatMap(imagesWithin);
    if (images.length > 0) imageButtons(section, film, images, showImage);
    return;
  }
  const line = make('div', 'yd-item', parent);
  if (item.value.type === 'image') {
    if (name !== '') make('span', 'yd-name', line, name);
    imageButtons(line, film, [item.value], showImage);
  } else {
    const words = valueWords(item.value, text);
    if (name !== '') make('span', 'yd-name', line, name);
    make(item.value.type === 'text' ? 'p' : 'span', 'yd-value', line, words);
  }
  if (item.children.length === 0) return;
  const below = make('div', 'yd-below', line);
  for (const child of item.children) renderItem(below, child, depth + 1, film, showImage);
}

/** A button for each image that the film shows, and in one sentence how many it doesn't. */
function imageButtons(
  parent: HTMLElement,
  film: FilmManifest,
  images: readonly ImageReference[],
  showImage: ShowImage,
): void {
  const list = make('div', 'yd-images', parent);
  let elsewhere = 0;
  for (const { sopInstanceUid, frames } of images) {
    const found = findImage(film, sopInstanceUid, frames[0]);
    if (found === null) {
      elsewhere++;
      continue;
    }
    const words = text.image(film.series[found.series]?.seriesNumber ?? null, found.frame + 1);
    const button = make('button', 'yd-image', list, words);
    button.type = 'button';
    button.addEventListener('click', () => showImage(sopInstanceUid, frames[0]));
  }
  if (elsewhere > 0) make('span', 'yd-elsewhere', list, text.imagesElsewhere(elsewhere));
}
