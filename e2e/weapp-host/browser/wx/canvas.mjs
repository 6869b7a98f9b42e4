// Canvases without a component, and pictures made of canvases.
import { canvasObject } from '../components/canvas.mjs';
import { asyncCall, WxFail } from './calling.mjs';

export function canvasCalls(host) {
  return {
    calls: {
      createOffscreenCanvas({ type = 'webgl', width = 300, height = 150 } = {}) {
        if (!['2d', 'webgl', 'webgl2'].includes(type)) throw new Error(`createOffscreenCanvas: unknown type ${type}`);
        return canvasObject(host, new OffscreenCanvas(width, height), () => type);
      },
      canvasToTempFilePath: asyncCall(
        host,
        'canvasToTempFilePath',
        async ({ canvas, fileType = 'png', quality = 1 }) => {
          if (canvas?._element === undefined) throw new WxFail('the canvas of a selector query is needed');
          const type = fileType === 'jpg' ? 'image/jpeg' : 'image/png';
          const element = canvas._element;
          const blob = await (element.convertToBlob?.({ type, quality }) ??
            new Promise((resolve) => element.toBlob(resolve, type, quality)));
          return {
            tempFilePath: host.wx.inside.files.keepTemporary(new Uint8Array(await blob.arrayBuffer()), fileType),
          };
        },
      ),
    },
  };
}
