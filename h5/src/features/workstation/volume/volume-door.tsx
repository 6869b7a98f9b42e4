import { Component, lazy, type ReactNode, Suspense } from 'react';
import type { MprPageProps } from './mpr-page';
import { text } from './text-zh';

// Its own chunk: most exams are read without.
const MprPage = lazy(() => import('./mpr-page').then((page) => ({ default: page.MprPage })));

/** The planes of a series in place of the viewports, loaded when they are first asked for. */
export function VolumeDoor(props: MprPageProps) {
  return (
    <Fence fallback={<Waiting words={text.loadFailed} onClose={props.onClose} />}>
      <Suspense fallback={<Waiting words={text.loading} onClose={props.onClose} />}>
        <MprPage {...props} />
      </Suspense>
    </Fence>
  );
}

/** Opens the planes of the series in the active viewport. */
export function VolumeButton({ isOff, onPress }: { readonly isOff: boolean; readonly onPress: () => void }) {
  return (
    <button className="tool" type="button" title={text.openHint} disabled={isOff} onClick={onPress}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d="M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5" />
      </svg>
      <span>{text.open}</span>
    </button>
  );
}

function Waiting({ words, onClose }: { readonly words: string; readonly onClose: () => void }) {
  return (
    <section className="mpr-waiting" role="status">
      <p>{words}</p>
      <button className="toggle" type="button" onClick={onClose}>
        {text.close}
      </button>
    </section>
  );
}

interface FenceProps {
  readonly fallback: ReactNode;
  readonly children: ReactNode;
}

/** A chunk that can't be loaded must not take the report off the page. */
class Fence extends Component<FenceProps, { readonly hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError() {
    return { hasFailed: true };
  }

  override render() {
    return this.state.hasFailed ? this.props.fallback : this.props.children;
  }
}
