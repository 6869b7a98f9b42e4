import { View } from '@tarojs/components';
import type { ViewerSession } from '@yingyun/shared/imaging/viewer-session';
import { windowPresets } from '@yingyun/shared/imaging/window-presets';
import type { MarkKind } from '@yingyun/shared/measure/mark';
import type { MeasureDesk } from '@yingyun/shared/measure/measure-desk';
import { useState } from 'react';
import { spoken } from '../../../platform/spoken';
import type { ViewFacts } from './film-engine';
import { text } from './text-zh';

interface ToolbarProps {
  readonly session: ViewerSession;
  readonly desk: MeasureDesk;
  readonly facts: ViewFacts;
  readonly isFull: boolean;
  readonly onFull: () => void;
}

/** Few large buttons; the rest opens above them. */
export function Toolbar({ session, desk, facts, isFull, onFull }: ToolbarProps) {
  const [isOpen, setOpen] = useState(false);
  const canPlay = facts.frameCount > 1;
  return (
    <View className="tools">
      {isOpen && <MoreTools session={session} desk={desk} facts={facts} onPreset={() => setOpen(false)} />}
      <View className="tools-row">
        <Tool words={text.tools.scroll} isOn={facts.tool === 'scroll'} onPress={() => session.setTool('scroll')} />
        <Tool words={text.tools.window} isOn={facts.tool === 'window'} onPress={() => session.setTool('window')} />
        <Tool
          words={facts.isPlaying ? text.tools.stop : text.tools.cine}
          isOn={facts.isPlaying}
          isOff={!canPlay}
          onPress={() => session.toggleCine(Date.now())}
        />
        <Tool
          words={isOpen ? text.tools.less : text.tools.more}
          isOn={isOpen || facts.tool === 'measure'}
          onPress={() => setOpen(!isOpen)}
        />
        <Tool words={isFull ? text.tools.leaveFull : text.tools.full} isOn={isFull} onPress={onFull} />
      </View>
    </View>
  );
}

interface MoreToolsProps {
  readonly session: ViewerSession;
  readonly desk: MeasureDesk;
  readonly facts: ViewFacts;
  readonly onPreset: () => void;
}

function MoreTools({ session, desk, facts, onPreset }: MoreToolsProps) {
  const measure = (kind: MarkKind) => {
    desk.take(kind);
    session.setTool('measure');
  };
  const presets =
    session.series === undefined ? [] : windowPresets(session.series, session.attributes, session.picture);
  return (
    <View className="tools-more">
      <View className="tools-row">
        <Tool words={text.tools.length} isOn={facts.hand === 'length'} onPress={() => measure('length')} />
        <Tool words={text.tools.point} isOn={facts.hand === 'point'} onPress={() => measure('point')} />
        <Tool words={text.tools.region} isOn={facts.hand === 'ellipse'} onPress={() => measure('ellipse')} />
        <Tool words={text.tools.undo} onPress={() => desk.undo()} />
        <Tool words={text.tools.clear} onPress={() => desk.clearHere()} />
      </View>
      <View className="tools-row">
        <Tool words={text.tools.rotate} onPress={() => session.rotate()} />
        <Tool words={text.tools.mirror} onPress={() => session.mirrorLeftRight()} />
        <Tool words={text.tools.invert} isOn={facts.isInverted} onPress={() => session.invert()} />
        <Tool
          words={text.tools.info}
          isOn={facts.showsInfo}
          onPress={() => {
            session.showsInfo = !session.showsInfo;
            session.setTool(session.tool);
          }}
        />
        <Tool words={text.tools.reset} onPress={() => session.reset()} />
      </View>
      {presets.length > 0 && (
        <View className="tools-presets">
          {presets.map(({ key, name, window }, i) => (
            <Tool
              key={`${key}${name}${i}`}
              words={name !== '' ? name : key === '' ? text.presets.own : text.presets[key]}
              onPress={() => {
                session.setWindow(window);
                onPreset();
              }}
            />
          ))}
        </View>
      )}
    </View>
  );
}

interface ToolProps {
  readonly words: string;
  readonly isOn?: boolean;
  readonly isOff?: boolean;
  readonly onPress: () => void;
}

function Tool({ words, isOn = false, isOff = false, onPress }: ToolProps) {
  return (
    <View
      className={`tool ${isOn ? 'tool-on' : ''} ${isOff ? 'tool-off' : ''}`}
      hoverClass="tool-down"
      {...spoken('button', { isOn, isOff })}
      onClick={() => {
        if (!isOff) onPress();
      }}
    >
      {words}
    </View>
  );
}
