import QRCode from 'qrcode';
import { describe, expect, it } from 'vitest';
import { qrModules } from './qr-modules';

describe('a QR code that came as SVG', () => {
  it.each([
    'https://127.0.0.1:7001/s/AbCdEfGhIjKlMnOpQrStUv',
    'https://film.hospital-with-a-long-name.example.cn/s/0123456789_-abcdefghij',
  ])('has the very modules of its maker: %s', async (url) => {
    const svg = await QRCode.toString(url, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 });
    const { modules } = QRCode.create(url, { errorCorrectionLevel: 'M' });
    const read = qrModules(svg);
    expect(read?.size).toBe(modules.size + 8);
    for (let y = 0; y < modules.size + 8; y++) {
      for (let x = 0; x < modules.size + 8; x++) {
        const isInside = x >= 4 && y >= 4 && x < modules.size + 4 && y < modules.size + 4;
        const expected = isInside && modules.get(y - 4, x - 4) === 1;
        if (read?.isDark(x, y) !== expected) throw new Error(`module ${x}, ${y}`);
      }
    }
  });

  it('is nothing where the text is another drawing', () => {
    for (const svg of ['', '<svg/>', '<svg viewBox="0 0 9 9"><path stroke="#000" d="M0 0.5h1"/></svg>'])
      expect(qrModules(svg)).toBeNull();
  });
});
