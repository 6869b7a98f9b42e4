import Taro from '@tarojs/taro';

/** A small BMP file as an image's address. */
export function bmpUrl(file: Uint8Array<ArrayBuffer>): string {
  return `data:image/bmp;base64,${Taro.arrayBufferToBase64(file.buffer)}`;
}
