import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createGb18030Encoder } from './gb18030-encoder';

describe('GB 18030 encoder', () => {
  const encode = createGb18030Encoder();

  it('agrees with iconv of glibc on ASCII, GB 2312, GBK, four-byte and supplementary characters', () => {
    const text = 'RIS 张三丰，右肺上叶见结节 8mm×9mm 囧镕喆 € ᠠ ༀ 𠮷😀';
    const iconv = spawnSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: text });
    expect(iconv.status).toBe(0);
    expect(Buffer.from(encode(text)).toString('hex')).toBe(iconv.stdout.toString('hex'));
  });

  it('is undone by the decoder for every character of the BMP that is no surrogate or private use', () => {
    let text = '';
    for (let point = 0x20; point < 0xfffd; point++)
      if (point < 0xd800 || point > 0xf8ff) text += String.fromCharCode(point);
    expect(new TextDecoder('gb18030', { fatal: true }).decode(encode(text))).toBe(text);
  });

  it('writes a question mark for half a surrogate pair', () => {
    expect(Buffer.from(encode('a\ud83d')).toString()).toBe('a?');
  });
});
