import Taro from '@tarojs/taro';
import { apiBase } from './api-base';
import type { AskFrames } from './frames-contract';

/** Over wx.request: an answer is handed on when it is whole. */
export const askFrames: AskFrames = (path, token, onChunk) => {
  const task = Taro.request<ArrayBuffer>({
    url: `${apiBase}${path}`,
    method: 'GET',
    header: { authorization: `Bearer ${token}` },
    responseType: 'arraybuffer',
    dataType: 'other',
    timeout: 60_000,
  });
  const done = task.then(
    (answer) => {
      const bytes = new Uint8Array(answer.data);
      if (answer.statusCode === 200) {
        onChunk(bytes);
        return { status: 200, code: '' };
      }
      return { status: answer.statusCode, code: codeOf(bytes) };
    },
    () => ({ status: 0, code: 'offline' }),
  );
  return { done, abort: () => task.abort() };
};

/** A problem's code is ASCII; the sandbox has no TextDecoder. */
function codeOf(bytes: Uint8Array): string {
  let ascii = '';
  for (const byte of bytes.subarray(0, 2048)) ascii += byte < 128 ? String.fromCharCode(byte) : '?';
  return /"code"\s*:\s*"([a-z-]+)"/.exec(ascii)?.[1] ?? '';
}

/** Bytes of one answer: whole answers must stay small, or the first image waits for the last. */
export const answerBytes = 262_144;
