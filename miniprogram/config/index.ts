import path from 'node:path';
import { defineConfig } from '@tarojs/cli';

/**
 * One code base, a build a target (design D9). No size is converted: the app is laid out in CSS pixels and `em`, so that large type
 * makes everything larger. `@yingyun/shared` is compiled from its sources, like the web pages do.
 */
const root = path.resolve(__dirname, '../..');
const sharedSource = path.join(root, 'shared/src');
const wasm = require.resolve('@cornerstonejs/codec-openjph/wasm');

/** What this file uses of webpack-chain, whose types Taro doesn't pass on. */
interface Chain {
  resolve: {
    alias: { set(name: string, to: string): void };
    merge(options: object): void;
  };
  optimization: { merge(options: object): void };
}

function resolveAlike(chain: Chain): void {
  // The decoder's glue asks for these in Node only.
  chain.resolve.merge({ fallback: { fs: false, path: false } });
  // Its peer range makes npm nest this package in some install orders; the build then can't find it.
  const runtime = '@tarojs/plugin-framework-react/dist/runtime';
  chain.resolve.alias.set(runtime, require.resolve(runtime));
}

/** What this file uses of webpack's modules and chunks at the moment it splits them. */
interface ChunkGraph {
  getModuleChunksIterable(module: object): Iterable<object>;
  getChunkRootModules(chunk: object): readonly { readonly resource?: string }[];
}

/**
 * On the web: what most pages have in common in one chunk, what the two pages of a film have in another; Taro by itself splits nothing.
 * Chunks keep their names, for early-links.mjs.
 */
function shareChunks(chain: Chain): void {
  resolveAlike(chain);
  const isOfFilm = (module: object, { chunkGraph }: { readonly chunkGraph: ChunkGraph }) =>
    [...chunkGraph.getModuleChunksIterable(module)].every((chunk) =>
      chunkGraph
        .getChunkRootModules(chunk)
        .some(({ resource }) => /[\\/]subpackages[\\/]film[\\/]/.test(resource ?? '')),
    );
  const parts = { name: 'parts', chunks: 'async', minChunks: 3, priority: 20 };
  const film = { name: 'film', chunks: 'async', minChunks: 2, priority: 10, test: isOfFilm };
  chain.optimization.merge({ chunkIds: 'named', splitChunks: { cacheGroups: { parts, film } } });
}

export default defineConfig<'webpack5'>(async () => {
  const target = process.env.TARO_ENV ?? 'weapp';
  return {
    projectName: 'yingyun',
    date: '2026-11-24',
    designWidth: 375,
    deviceRatio: { 375: 2 },
    sourceRoot: 'src',
    outputRoot: `dist/${target}`,
    framework: 'react',
    compiler: { type: 'webpack5', prebundle: { enable: false } },
    cache: { enable: false },
    alias: { '@yingyun/shared': sharedSource },
    defineConstants: { YINGYUN_API: JSON.stringify(process.env.YINGYUN_API ?? 'https://127.0.0.1:7001') },
    copy: {
      patterns: target === 'weapp' ? [{ from: wasm, to: `dist/weapp/subpackages/film/openjphjs.wasm` }] : [],
      options: {},
    },
    mini: {
      webpackChain: resolveAlike,
      compile: { include: [sharedSource] },
      optimizeMainPackage: { enable: true },
      postcss: { pxtransform: { enable: false, config: {} } },
    },
    h5: {
      webpackChain: shareChunks,
      publicPath: '/m/',
      staticDirectory: 'assets',
      compile: { include: [sharedSource] },
      router: { mode: 'hash' },
      postcss: { pxtransform: { enable: false, config: {} } },
      output: {
        filename: 'assets/[name].[contenthash:8].js',
        chunkFilename: 'assets/[name].[contenthash:8].js',
        assetModuleFilename: 'assets/[name].[contenthash:8][ext]',
      },
      miniCssExtractPluginOption: {
        ignoreOrder: true,
        filename: 'assets/[name].[contenthash:8].css',
        chunkFilename: 'assets/[name].[contenthash:8].css',
      },
    },
  };
});
