// Test support: real Chromium without a GPU, and pages bundled by Vite as the product is.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';

const executablePath = '/usr/bin/chromium';

export const hasChromium = existsSync(executablePath);

export function launchChromium() {
  return chromium.launch({
    executablePath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
    ],
  });
}

const h5 = path.resolve(import.meta.dirname, '../../..');

export const sharedAlias = [
  { find: /^@yingyun\/shared\/(.*)$/, replacement: `${path.resolve(h5, '../shared/src')}/$1.ts` },
];

/** Bundles one module to a script that runs in a blank page. @param {string} entry @returns {Promise<string>} */
export async function bundleScript(entry) {
  const result = await build({
    configFile: false,
    root: h5,
    logLevel: 'error',
    resolve: { alias: sharedAlias },
    build: { write: false, minify: false, lib: { entry, formats: ['iife'], name: 'page' } },
  });
  const [first] = Array.isArray(result) ? result : [result];
  return first.output[0].code;
}

/** Builds the harness as the product is built. @param {string} outDir */
export async function buildHarness(outDir) {
  await build({
    configFile: false,
    root: path.join(h5, 'src/viewer'),
    logLevel: 'error',
    resolve: { alias: sharedAlias },
    worker: { format: 'es' },
    build: {
      outDir,
      emptyOutDir: true,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      reportCompressedSize: false,
      target: ['chrome87', 'safari14.1', 'firefox90'],
      rollupOptions: { input: path.join(h5, 'src/viewer/harness.html') },
    },
  });
}
