import Taro from '@tarojs/taro';

/**
 * Small texts kept on the device. Storage that is full, refused or damaged reads as "nothing kept": what is kept here can always be
 * had again from the server or by signing in.
 */
export const kept = {
  async read(key: string): Promise<string | null> {
    try {
      const { data } = await Taro.getStorage<unknown>({ key });
      return typeof data === 'string' && data !== '' ? data : null;
    } catch {
      return null; // nothing under this key
    }
  },
  async write(key: string, text: string): Promise<void> {
    try {
      await Taro.setStorage({ key, data: text });
    } catch {
      // A private window or a full phone: the session then lasts as long as the page.
    }
  },
  async remove(key: string): Promise<void> {
    try {
      await Taro.removeStorage({ key });
    } catch {
      // Nothing was there.
    }
  },
};
