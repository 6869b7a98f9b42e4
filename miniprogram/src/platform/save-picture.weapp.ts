import Taro from '@tarojs/taro';
import type { CanvasNode } from './canvas';

/** Puts the canvas into the phone's album. 'refused' where the person doesn't allow it. */
export async function savePicture(node: CanvasNode, _name: string): Promise<'saved' | 'refused'> {
  try {
    const { tempFilePath } = await Taro.canvasToTempFilePath({
      canvas: node as unknown as Taro.Canvas,
      fileType: 'png',
    }); // WeChat's own node
    await Taro.saveImageToPhotosAlbum({ filePath: tempFilePath });
    return 'saved';
  } catch {
    return 'refused';
  }
}
