// wx.setStorage and its kin: 1 MB a key, 10 MB in all.
// https://developers.weixin.qq.com/miniprogram/dev/framework/ability/storage.html
import { asyncCall, WxFail } from './calling.mjs';

const keyLimit = 1024 * 1024;
const totalLimit = 10 * 1024 * 1024;

export function storageCalls(host) {
  const kept = new Map(
    Object.entries(host.settings.storage ?? {}).map(([key, value]) => [key, JSON.stringify({ data: value })]),
  );
  const size = () => [...kept].reduce((sum, [key, text]) => sum + key.length + text.length, 0);

  const set = (key, data) => {
    if (typeof key !== 'string' || key === '') throw new WxFail('parameter error: parameter.key should be String');
    const text = JSON.stringify({ data });
    if (text === undefined || (text === '{}' && data !== undefined)) throw new WxFail('data cannot be serialised');
    if (text.length > keyLimit) throw new WxFail('entry size limit reached');
    if (size() - (kept.get(key)?.length ?? 0) + text.length > totalLimit)
      throw new WxFail('storage size limit reached');
    kept.set(key, text);
  };
  const get = (key) => (kept.has(key) ? JSON.parse(kept.get(key)).data : undefined);
  const info = () => ({ keys: [...kept.keys()], currentSize: Math.ceil(size() / 1024), limitSize: totalLimit / 1024 });

  const calls = {
    setStorage: asyncCall(host, 'setStorage', ({ key, data }) => set(key, data)),
    getStorage: asyncCall(host, 'getStorage', ({ key }) => {
      if (!kept.has(key)) throw new WxFail('data not found');
      return { data: get(key) };
    }),
    removeStorage: asyncCall(host, 'removeStorage', ({ key }) => void kept.delete(key)),
    clearStorage: asyncCall(host, 'clearStorage', () => kept.clear()),
    getStorageInfo: asyncCall(host, 'getStorageInfo', info),
    setStorageSync: named('setStorageSync', set),
    getStorageSync: (key) => get(key) ?? '',
    removeStorageSync: (key) => void kept.delete(key),
    clearStorageSync: () => kept.clear(),
    getStorageInfoSync: info,
  };
  return {
    calls,
    name: 'storage',
    door: { snapshot: () => Object.fromEntries([...kept].map(([key, text]) => [key, JSON.parse(text)])) },
  };
}

function named(name, work) {
  return (...args) => {
    try {
      return work(...args);
    } catch (error) {
      throw new Error(`${name}:fail ${error.message}`);
    }
  };
}
