/** A file of the web surfaces, and whether its name changes with its content. */
export interface Page {
  /** For logs and metrics; never the path. */
  readonly name: 'share' | 'console' | 'asset' | 'file';
  readonly file: string;
  readonly isImmutable: boolean;
}

const assetName = /^\/assets\/([A-Za-z0-9_.-]+)$/;
const rootFile = /^\/([A-Za-z0-9_-]+\.(?:svg|ico|png|txt|webmanifest))$/;

/**
 * Which file a path shows. Every share link shows the same page, whatever its token: it says nothing of whether the link exists.
 * Paths are compared as sent, without decoding; nothing outside the two patterns can be named.
 */
export function pageOf(path: string): Page | undefined {
  if (path.startsWith('/s/') && path.length <= 256) return { name: 'share', file: 'share.html', isImmutable: false };
  if (path === '/console' || path === '/console/') return { name: 'console', file: 'console.html', isImmutable: false };
  const asset = assetName.exec(path)?.[1];
  if (asset !== undefined && !asset.startsWith('.'))
    return { name: 'asset', file: `assets/${asset}`, isImmutable: true };
  const file = rootFile.exec(path)?.[1];
  return file === undefined ? undefined : { name: 'file', file, isImmutable: false };
}
