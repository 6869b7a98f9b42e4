import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { edgeLetters } from '@yingyun/shared/imaging/orientation-letters';
import { overlayText } from '@yingyun/shared/imaging/overlay-text';
import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import { make, setText } from './dom';
import { text } from './text-zh';

export interface StageOverlay {
  update(): void;
  /** '' takes it away. */
  setNotice(words: string): void;
  /** The whole stage given up to a sentence. */
  setVerdict(words: string): void;
  /** Takes every word about the patient off the page. */
  wipe(): void;
}

/** What stands over the picture: the corners, the letters, the badge. */
export function makeOverlay(stage: HTMLElement, film: FilmManifest, session: ViewerSession): StageOverlay {
  const corners = (['topLeft', 'topRight', 'bottomLeft', 'bottomRight'] as const).map((name) => ({
    name,
    box: make('div', `yv-corner yv-${name}`, stage),
  }));
  const letters = (['left', 'right', 'top', 'bottom'] as const).map((edge) => ({
    edge,
    box: make('div', `yv-letter yv-letter-${edge}`, stage),
  }));
  const badge = make('div', 'yv-badge', stage);
  badge.setAttribute('role', 'status');
  const mark = make('div', 'yv-mark', stage);
  const notice = make('div', 'yv-notice', stage);
  notice.setAttribute('role', 'status');
  const verdict = make('div', 'yv-verdict', stage);
  verdict.setAttribute('role', 'alert');
  verdict.hidden = true;
  let noticeWords = '';

  return {
    wipe() {
      for (const { box } of [...corners, ...letters]) box.textContent = '';
    },
    setNotice(words) {
      noticeWords = words;
      setText(notice, words);
    },
    setVerdict(words) {
      setText(verdict, words);
      verdict.hidden = words === '';
    },
    update() {
      const { series, picture, attributes } = session;
      if (series === undefined) return;
      const isColour = picture?.kind === 'colour';
      const words = overlayText(
        film,
        series,
        { index: session.key.frame, attributes, isColour },
        { window: session.window, scale: session.scale, isBrief: isSmall(session) },
        text.overlay,
      );
      for (const { name, box } of corners) {
        setText(box, words[name].join('\n'));
        box.hidden = !session.showsInfo;
      }
      const edges = edgeLetters(attributes.imageOrientationPatient, session.placement);
      for (const { edge, box } of letters) setText(box, edges[edge]);
      // Coarse is never diagnostic: the badge stands as long as the picture is not the stored one.
      setText(badge, picture !== null && picture.reduce > 0 ? text.preview(2 ** picture.reduce) : '');
      badge.hidden = badge.textContent === '';
      setText(mark, picture !== null && attributes.rendition === 'derived' ? text.derived : '');
      mark.hidden = mark.textContent === '';
      setText(
        notice,
        noticeWords !== '' ? noticeWords : picture === null && session.frameCount > 0 ? text.loading : '',
      );
      notice.hidden = notice.textContent === '';
      notice.classList.toggle('yv-notice-alone', picture === null);
    },
  };
}

/** Half of a phone's screen, or one of four viewports. */
function isSmall({ canvas, pixelRatio }: ViewerSession): boolean {
  return canvas.width / pixelRatio < 520 && canvas.height / pixelRatio < 420;
}
