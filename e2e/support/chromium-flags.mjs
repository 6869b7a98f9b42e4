/** How every browser test starts Debian's Chromium: quiet, in Chinese, with WebGL drawn in software. */
export const flags = [
  '--headless',
  '--no-sandbox',
  '--lang=zh-CN',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];
