import type { LoadedProgress } from '@yingyun/shared/imaging/frame-loader';
import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import { make, setAttribute, setText } from './dom';
import { text } from './text-zh';

export interface SliceBar {
  readonly element: HTMLElement;
  update(): void;
  setProgress(progress: LoadedProgress): void;
}

/**
 * The slider with the counter (not on a film of single images, which have nothing to turn over), and the bar of what is loaded:
 * previews pale, sharp slices bright.
 */
export function makeSliceBar(session: ViewerSession): SliceBar {
  const element = make('div', 'yv-slices');
  const filmHasStacks = session.film.series.some(({ frames }) => frames.length > 1);
  const slider = make('input', 'yv-slider', element);
  slider.type = 'range';
  slider.min = '1';
  slider.setAttribute('aria-label', text.slider);
  slider.addEventListener('input', () => {
    session.stopCine();
    session.show(Number(slider.value) - 1);
  });
  const counter = make('output', 'yv-counter', element);
  counter.setAttribute('aria-live', 'polite');
  const bar = make('div', 'yv-loaded', element);
  bar.setAttribute('role', 'progressbar');
  bar.setAttribute('aria-label', text.loading);
  bar.setAttribute('aria-valuemin', '0');
  const preview = make('div', 'yv-loaded-preview', bar);
  const sharp = make('div', 'yv-loaded-sharp', bar);
  return {
    element,
    update() {
      const at = session.key.frame + 1;
      const of = session.frameCount;
      element.hidden = of === 0 || !filmHasStacks;
      slider.max = String(Math.max(1, of));
      slider.value = String(at);
      slider.disabled = of < 2;
      setAttribute(slider, 'aria-valuetext', text.counterSpoken(at, of));
      // Not read out thirty times a second.
      setAttribute(counter, 'aria-live', session.isPlaying ? 'off' : 'polite');
      setText(counter, text.counter(at, of));
    },
    setProgress(progress) {
      const share = (count: number) => `scaleX(${progress.frames === 0 ? 0 : count / progress.frames})`;
      preview.style.transform = share(progress.preview);
      sharp.style.transform = share(progress.sharp);
      setAttribute(bar, 'aria-valuemax', String(progress.frames));
      setAttribute(bar, 'aria-valuenow', String(progress.preview));
      setAttribute(bar, 'aria-valuetext', text.loaded(progress.preview, progress.sharp, progress.frames));
    },
  };
}
