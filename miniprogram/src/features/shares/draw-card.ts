import type { CreatedPatientShare } from '@yingyun/shared/contract/patient-routes';
import { instantWords } from '../../ui/format-time';
import { qrModules } from './qr-modules';
import { text } from './text-zh';

export const cardSize = { width: 300, height: 396 };

/** The picture to hand on: the code, how long it works, no name and no passcode. */
export function drawCard(context: CanvasRenderingContext2D, share: CreatedPatientShare, ratio: number): void {
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, cardSize.width, cardSize.height);
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  const words = (line: string, y: number, size: number, colour: string, weight = 'normal') => {
    context.font = `${weight} ${size}px sans-serif`;
    context.fillStyle = colour;
    context.fillText(line, cardSize.width / 2, y);
  };
  words(text.cardTitle, 30, 20, '#0b5a60', 'bold');
  const code = qrModules(share.qrSvg);
  if (code !== null) {
    const module = Math.floor(248 / (code.size + 2));
    const left = Math.round((cardSize.width - module * code.size) / 2);
    context.fillStyle = '#000000';
    for (let y = 0; y < code.size; y++) {
      for (let x = 0; x < code.size; x++) {
        if (code.isDark(x, y)) context.fillRect(left + x * module, 56 + y * module, module, module);
      }
    }
  }
  words(text.scan, 330, 15, '#12282b');
  words(text.validUntil(instantWords(share.expiresAt)), 354, 14, '#4a6266');
  words(text.atMost(share.maxViews), 376, 14, '#4a6266');
}
