import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const here = import.meta.dirname;

/**
 * Names in share.html what the first image will need, so that it downloads while the passcode is typed: the viewer's chunk as a
 * module preload; its worker and the decoder's wasm as prefetches, since a worker shares the page's HTTP cache but not its preloads.
 * The page's script runs before the first rendering: a passcode that stands there already is sent while a phone lays out its Chinese.
 */
function fetchViewerEarly(): Plugin {
  return {
    name: 'yingyun-fetch-viewer-early',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(html, { bundle, filename }) {
        if (bundle === undefined || !filename.endsWith('share.html')) return [];
        const files = Object.values(bundle);
        const viewer = files.find(
          (file) => file.type === 'chunk' && /viewer\/mount-viewer\.ts$/.test(file.facadeModuleId ?? ''),
        );
        if (viewer?.type !== 'chunk') return [];
        const fromWorkers = files
          .map((file) => file.fileName)
          .filter((name) => /openjph.*\.wasm$|decode-worker.*\.js$/.test(name));
        const links: Record<string, string>[] = [
          ...[viewer.fileName, ...viewer.imports].map((href) => ({ rel: 'modulepreload', href })),
          ...[...(viewer.viteMetadata?.importedCss ?? [])].map((href) => ({
            rel: 'preload',
            as: 'style',
            crossorigin: '',
            href,
          })),
          ...fromWorkers.map((href) => ({ rel: 'prefetch', href })),
        ];
        const tags = links
          .filter(({ href }) => href !== undefined && !html.includes(href))
          .map((attrs) => ({ tag: 'link', attrs: { ...attrs, href: `/${attrs['href']}` }, injectTo: 'head' as const }));
        const early = html.replace('<script type="module"', '<script type="module" blocking="render"');
        return { html: withoutNotes(early), tags };
      },
    },
  };
}

/** The share page calls no route of staff, doctors or signed-in patients: their addresses are no part of what a phone waits for. */
function leaveOutOthersRoutes(): Plugin {
  return {
    name: 'yingyun-leave-out-others-routes',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('/contract/api-client.ts')) return undefined;
      return {
        code: code.replace(/^ {2}\w+: '(?:GET|POST) \/api\/(?:staff|exams|patient|films)\/.*\n/gm, ''),
        map: null,
      };
    },
  };
}

/** Without comments and indentation, which are for whoever writes the page. */
function withoutNotes(html: string): string {
  return html.replace(/<!--(?!\[).*?-->/gs, '').replace(/\s*\n\s*/g, '\n');
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
      const isDone = (name: string) => names.includes(`${name}.br`) && !name.endsWith('.html');
      for (const name of names.filter((each) => /\.(js|css|html|svg|wasm|json)$/.test(each) && !isDone(each))) {
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

/** What each mode builds; the first build empties the folder. */
const pageOfMode: Readonly<Record<string, string>> = { console: 'console.html', workstation: 'workstation.html' };

/**
 * Each page is a build of its own (`vite build`, then `vite build --mode console` …): in one build their common modules would become chunks
 * of their own, and every chunk is a request that the share page waits for.
 */
export default defineConfig(({ mode }) => ({
  root: here,
  base: '/',
  publicDir: false,
  plugins: [
    react(),
    fetchViewerEarly(),
    ...(pageOfMode[mode] === undefined ? [leaveOutOthersRoutes()] : []),
    precompress(),
  ],
  resolve: {
    alias: [{ find: /^@yingyun\/shared\/(.*)$/, replacement: `${path.resolve(here, '../shared/src')}/$1.ts` }],
  },
  worker: { format: 'es' },
  build: {
    outDir: 'dist',
    emptyOutDir: pageOfMode[mode] === undefined,
    target: ['chrome87', 'safari14.1', 'firefox90'],
    // The content security policy allows no inline script, and every asset has a cacheable name of its own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { input: path.resolve(here, pageOfMode[mode] ?? 'share.html') },
  },
}));
