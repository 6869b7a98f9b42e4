import type { LoaderClock } from '@yingyun/shared/imaging/frame-source';

export const browserClock: LoaderClock = {
  nowMs: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
