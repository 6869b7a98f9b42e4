import { Canvas, Text, View } from '@tarojs/components';
import type { CreatedPatientShare } from '@yingyun/shared/contract/patient-routes';
import { useEffect, useRef } from 'react';
import { say } from '../../platform/ask-yes';
import { type CanvasNode, findCanvas, pixelRatio } from '../../platform/canvas';
import { copy } from '../../platform/copy';
import { savePicture } from '../../platform/save-picture';
import { hasSystemShare } from '../../platform/system-share';
import { Press } from '../../ui/press';
import { cardSize, drawCard } from './draw-card';
import { text } from './text-zh';

const cardId = 'share-card';

/** Link, passcode, code: shown once, since the server keeps neither link nor passcode. */
export function MadeShare({ share, onDone }: { share: CreatedPatientShare; onDone: () => void }) {
  const card = useRef<CanvasNode | null>(null);
  useEffect(() => {
    findCanvas(cardId).then(
      ({ node }) => {
        const ratio = pixelRatio();
        node.width = cardSize.width * ratio;
        node.height = cardSize.height * ratio;
        const context = node.getContext('2d');
        if (context !== null) drawCard(context, share, ratio);
        card.current = node;
      },
      () => undefined, // the page was left
    );
  }, [share]);
  const copyWords = async (words: string) => say((await copy(words)) ? text.copied : text.copyFailed);
  const save = async () => {
    const result = card.current === null ? 'refused' : await savePicture(card.current, text.cardTitle);
    say(result === 'saved' ? text.saved : text.saveRefused);
  };
  return (
    <View>
      <View className="form-title">{text.made}</View>
      <View className="card">
        <View className="field-name">{text.passcode}</View>
        <View className="passcode">
          <Text userSelect>{`${share.passcode.slice(0, 4)} ${share.passcode.slice(4)}`}</Text>
        </View>
        <View className="film-card-where">{text.passcodeHint}</View>
        <Press look="quiet" className="card-action" onPress={() => void copyWords(share.passcode)}>
          {text.copyPasscode}
        </Press>
      </View>
      <View className="card">
        <View className="field-name">{text.link}</View>
        <View className="share-url">
          <Text userSelect>{share.url}</Text>
        </View>
        <Press look="quiet" className="card-action" onPress={() => void copyWords(share.url)}>
          {text.copyLink}
        </Press>
        {hasSystemShare && (
          <Press className="card-action" openType="share">
            {text.sendToFriend}
          </Press>
        )}
      </View>
      <View className="card share-card">
        <Canvas id={cardId} canvasId={cardId} type="2d" className="share-canvas" />
        <Press look="quiet" className="card-action" onPress={() => void save()}>
          {text.savePicture}
        </Press>
      </View>
      <Press onPress={onDone}>{text.done}</Press>
    </View>
  );
}
