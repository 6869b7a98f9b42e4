import Taro from '@tarojs/taro';

/** To the clipboard. False where the platform refused (a page without HTTPS, a denied permission). */
export async function copy(words: string): Promise<boolean> {
  try {
    await Taro.setClipboardData({ data: words });
    return true;
  } catch {
    return false;
  }
}
