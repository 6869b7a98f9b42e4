import type { FilmManifest } from '@yingyun/shared/contract/film-manifest';
import { keyAction } from '@yingyun/shared/imaging/gesture-actions';
import { GestureRecogniser } from '@yingyun/shared/imaging/gesture-recogniser';
import { phoneLimits } from '@yingyun/shared/imaging/loader-plan';
import { useCallback, useEffect, useRef, useState } from 'react';
import { answerBytes, askFrames } from '../../../platform/ask-frames';
import { type Box, findCanvas, measure, onResize, pixelRatio } from '../../../platform/canvas';
import { listenAtDesk } from '../../../platform/desk';
import { createFrameDecoder, phoneCodecs } from '../../../platform/frame-decoder';
import { mark } from '../../../platform/mark';
import { fingersOf, type TouchLike } from '../../../platform/touches';
import type { FilmAccess } from '../film-access';
import { type EngineScreen, FilmEngine, type ViewFacts } from './film-engine';
import { filmFrames, filmOverlays } from './film-frames';
import { cpuRenderer, glRenderer } from './pick-renderer';
import { filmForPhone } from './plain-series';

export const pictureId = 'film-picture';
export const marksId = 'film-marks';
export const touchId = 'film-touch';

/** The controls are shown anew at most this often; the picture is drawn every frame. */
const factsEveryMs = 80;

const clock = {
  nowMs: () => Date.now(),
  after(ms: number, run: () => void) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

interface UseEngineOptions {
  readonly film: FilmManifest;
  readonly access: FilmAccess;
  readonly isFull: boolean;
  readonly onChanged: () => void;
  readonly onAccessLost: () => void;
}

/**
 * The engine of one film, tied to the page's canvases. `kind` is what the picture's canvas must be: a canvas that once refused WebGL is
 * replaced by a 2-D one.
 */
export function useEngine({ film, access, isFull, onChanged, onAccessLost }: UseEngineOptions) {
  const [engine, setEngine] = useState<FilmEngine | null>(null);
  const [facts, setFacts] = useState<ViewFacts | null>(null);
  const [thumbnails, setThumbnails] = useState<ReadonlyMap<number, Uint8Array<ArrayBuffer>>>(new Map());
  const [kind, setKind] = useState<'webgl' | '2d'>('webgl');
  const [hasNoCanvas, setNoCanvas] = useState(false);
  const [screens, setScreens] = useState(0);
  const [codecs, setCodecs] = useState(phoneCodecs);
  const screen = useRef<EngineScreen | null>(null);
  const box = useRef<Box>({ left: 0, top: 0, width: 1, height: 1 });
  const gestures = useRef<GestureRecogniser | null>(null);
  const calls = useRef({ onChanged, onAccessLost });
  calls.current = { onChanged, onAccessLost };

  useEffect(() => {
    const throttled = throttle(setFacts, factsEveryMs);
    const seen = filmForPhone(film, codecs);
    const made = new FilmEngine({
      film: seen.film,
      source: filmFrames(access, askFrames, film.revision, seen.isPlain),
      fetchPlane: filmOverlays(access, askFrames),
      // Where the codec is there and yet doesn't load, another engine begins, with plain samples.
      decoder: createFrameDecoder(() => setCodecs((now) => (now.htj2k ? { ...now, htj2k: false } : now))),
      limits: { ...phoneLimits, batchBytes: answerBytes },
      clock,
      onFacts: throttled.call,
      onThumbnail: (series, bmp) => setThumbnails((all) => new Map(all).set(series, bmp)),
      onOver: (reason) => (reason === 'film-changed' ? calls.current.onChanged() : calls.current.onAccessLost()),
      onFirstImage: () => mark('first-image'),
    });
    setEngine(made);
    return () => {
      throttled.cancel();
      screen.current = null;
      made.close();
    };
  }, [film, access, codecs]);

  // The canvas is found once it is laid out, and again when it was replaced by another kind.
  useEffect(() => {
    if (engine === null) return undefined;
    let isLeft = false;
    const start = async () => {
      const picture = await findCanvas(pictureId);
      const marks = await findCanvas(marksId);
      if (isLeft) return;
      const renderer = kind === 'webgl' ? glRenderer(picture.node) : cpuRenderer(picture.node);
      if (renderer === null) return setKind('2d');
      const marksContext = marks.node.getContext('2d');
      if (marksContext === null) return setNoCanvas(true);
      // Where the CPU draws every pixel, one a CSS pixel must do.
      const ratio = renderer.kind === 'canvas' ? 1 : pixelRatio();
      screen.current = { node: picture.node, renderer, marks: marks.node, marksContext, ratio };
      gestures.current = new GestureRecogniser(ratio);
      box.current = picture.box;
      engine.show(screen.current, picture.box);
      setScreens((count) => count + 1);
    };
    start().catch(() => setNoCanvas(true));
    return () => {
      isLeft = true;
    };
  }, [engine, kind]);

  const fit = useCallback(async () => {
    const now = await measure(pictureId);
    if (now === null || now.width <= 0 || screen.current === null || engine === null) return;
    const isSame = now.width === box.current.width && now.height === box.current.height;
    box.current = now;
    if (!isSame) engine.show(screen.current, now);
  }, [engine]);
  // The page is laid out anew a little after the controls came or the images got the whole screen; on a slow phone it may have been so
  // while the canvas was still being looked for.
  const layout = `${isFull} ${facts !== null} ${screens}`;
  useEffect(() => {
    if (layout === '') return undefined;
    const timers = [0, 60, 300].map((ms) => setTimeout(() => void fit(), ms));
    const stop = onResize(() => void fit());
    return () => {
      stop();
      for (const timer of timers) clearTimeout(timer);
    };
  }, [fit, layout]);

  useEffect(() => {
    if (engine === null) return undefined;
    const scaled = <T extends { readonly x: number; readonly y: number }>(sample: T) => {
      const ratio = screen.current?.ratio ?? 1;
      return { ...sample, x: sample.x * ratio, y: sample.y * ratio };
    };
    return listenAtDesk(touchId, {
      pointer(sample) {
        const recogniser = gestures.current;
        if (recogniser === null) return;
        recogniser.tool = engine.session.tool;
        engine.apply(recogniser.pointer({ ...scaled(sample), kind: 'mouse', timeMs: Date.now() }));
      },
      wheel: (sample) => engine.apply(gestures.current?.wheel(scaled(sample)) ?? []),
      key(name) {
        const action = keyAction(name);
        if (action !== null) engine.session.press(action, Date.now());
        return action !== null;
      },
    });
  }, [engine]);

  const touch = (phase: 'down' | 'move' | 'up' | 'cancel') => (event: TouchLike) => {
    const recogniser = gestures.current;
    if (engine === null || recogniser === null || screen.current === null) return;
    const { ratio } = screen.current;
    recogniser.tool = engine.session.tool;
    for (const finger of fingersOf(event)) {
      const x = (finger.x - box.current.left) * ratio;
      const y = (finger.y - box.current.top) * ratio;
      const timeMs = Date.now();
      engine.apply(recogniser.pointer({ phase, id: finger.id, kind: 'touch', button: 0, x, y, timeMs }));
    }
  };

  return { engine, facts, thumbnails, kind, hasNoCanvas, touch };
}

/** At most one call in `ms`, the last one never lost. */
function throttle<T>(run: (value: T) => void, ms: number): { call(value: T): void; cancel(): void } {
  let latest: T | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    timer = undefined;
    if (latest !== undefined) run(latest);
    latest = undefined;
  };
  return {
    call(value) {
      latest = value;
      timer ??= setTimeout(flush, ms);
    },
    cancel: () => clearTimeout(timer),
  };
}
