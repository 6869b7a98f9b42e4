import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import * as path from 'node:path';
import type { Context } from '@midwayjs/koa';
import type { Page } from './page-of';

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * Sends a page's file, or its precompressed sibling (`.br`, `.gz`) where the client takes it. Hashed assets may be kept for ever,
 * everything else is `no-store`. False where the file doesn't exist or has no known type.
 */
export async function sendFile(ctx: Context, folder: string, page: Page): Promise<boolean> {
  const type = mediaTypes[path.extname(page.file)];
  const plain = path.join(folder, page.file);
  if (type === undefined) return false;
  const found = (await compressed(ctx, plain)) ?? { file: plain, encoding: undefined, size: await sizeOf(plain) };
  if (found.size === undefined) return false;
  ctx.status = 200;
  ctx.set('Content-Type', type);
  ctx.set('Cache-Control', page.isImmutable ? 'public, max-age=31536000, immutable' : 'no-store');
  ctx.vary('Accept-Encoding');
  if (found.encoding !== undefined) ctx.set('Content-Encoding', found.encoding);
  if (ctx.method === 'HEAD') {
    ctx.length = found.size;
    ctx.res.setHeader('Content-Length', found.size);
    return true;
  }
  ctx.body = createReadStream(found.file);
  ctx.set('Content-Type', type);
  ctx.length = found.size;
  return true;
}

async function compressed(ctx: Context, plain: string) {
  for (const [encoding, suffix] of [
    ['br', '.br'],
    ['gzip', '.gz'],
  ] as const) {
    if (ctx.acceptsEncodings(encoding, 'identity') !== encoding) continue;
    const size = await sizeOf(plain + suffix);
    if (size !== undefined) return { file: plain + suffix, encoding, size };
  }
  return undefined;
}

async function sizeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    (info) => (info.isFile() ? info.size : undefined),
    () => undefined,
  );
}
