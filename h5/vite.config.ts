import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = import.meta.dirname;

/** What the viewer needs first, fetched while the passcode is typed. Order: what the first image waits for longest. */
const earlyAssets = [/openjph[^/]*\.wasm$/, /worker[^/]*\.js$/];

/**
 * Names the decoder's wasm and worker in share.html, so that they are in the browser's cache when the viewer asks.
 * Prefetch, not preload: a worker has its own preload cache, but shares the HTTP cache.
 */
function prefetchViewerAssets(): Plugin {
  return {
    name: 'yingyun-prefetch-viewer-assets',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle, filename }) {
        if (!filename.endsWith('share.html')) return [];
        const names = Object.keys(bundle ?? {});
        return earlyAssets
          .flatMap((wanted) => names.filter((name) => wanted.test(name)))
          .map((name) => ({ tag: 'link', attrs: { rel: 'prefetch', href: `/${name}` }, injectTo: 'head' as const }));
      },
    },
  };
}

/** Writes name.br and name.gz beside every text and wasm asset, so that the server compresses nothing while people wait. */
function precompress(): Plugin {
  let outDir = '';
  return {
    name: 'yingyun-precompress',
    apply: 'build',
    configResolved(config) {
      outDir = path.resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const names = await readdir(outDir, { recursive: true });
      for (const name of names.filter((each) => /\.(js|css|html|svg|wasm|json)$/.test(each))) {
        const bytes = await readFile(path.join(outDir, name));
        const quality = {
          params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
        };
        await writeFile(path.join(outDir, `${name}.br`), brotliCompressSync(bytes, quality));
        await writeFile(path.join(outDir, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root: here,
  base: '/',
  publicDir: false,
  plugins: [react(), prefetchViewerAssets(), precompress()],
  resolve: {
    alias: [{ find: /^@yingyun\/shared\/(.*)$/, replacement: `${path.resolve(here, '../shared/src')}/$1.ts` }],
  },
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome87', 'safari14.1', 'firefox90'],
    // The content security policy allows no inline script, and every asset has a cacheable name of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { input: ['share.html', 'console.html'].map((name) => path.resolve(here, name)) },
  },
});
