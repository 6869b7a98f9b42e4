import { Slider, View } from '@tarojs/components';
import type { ViewFacts } from './film-engine';
import { text } from './text-zh';

interface SliceSliderProps {
  readonly facts: ViewFacts;
  readonly onShow: (frame: number) => void;
  readonly onGrab: () => void;
}

/** The slider with its counter, and how much of the series has come. */
export function SliceSlider({ facts, onShow, onGrab }: SliceSliderProps) {
  const { frame, frameCount, progress } = facts;
  const share = (count: number) => `${progress.frames === 0 ? 0 : Math.round((count / progress.frames) * 100)}%`;
  const go = (value: number) => {
    onGrab();
    onShow(value - 1);
  };
  return (
    <View className="slices">
      <View className="loaded">
        <View className="loaded-preview" style={{ width: share(progress.preview) }} />
        <View className="loaded-sharp" style={{ width: share(progress.sharp) }} />
      </View>
      {frameCount > 1 && (
        <Slider
          className="slices-slider"
          min={1}
          max={frameCount}
          step={1}
          value={frame + 1}
          activeColor="#63d2cb"
          backgroundColor="#33424f"
          blockSize={24}
          onChanging={(event) => go(event.detail.value)}
          onChange={(event) => go(event.detail.value)}
        />
      )}
      <View className="slices-counter">{text.counter(frame + 1, frameCount)}</View>
    </View>
  );
}
