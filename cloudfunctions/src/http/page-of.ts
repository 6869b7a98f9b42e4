/** A file of the web surfaces, and whether its name changes with its content. */
export interface Page {
  /** For logs and metrics; never the path. */
  readonly name: 'share' | 'console' | 'workstation' | 'patient' | 'asset' | 'file';
  /** Whose build it is: the web pages', or the patient app's. */
  readonly surface: 'web' | 'patient';
  readonly file: string;
  readonly isImmutable: boolean;
}

const assetName = /^\/assets\/([A-Za-z0-9_.-]+)$/;
const patientAsset = /^\/m\/assets\/([A-Za-z0-9_.-]+)$/;
const rootFile = /^\/([A-Za-z0-9_-]+\.(?:svg|ico|png|txt|webmanifest))$/;

/**
 * Which file a path shows. Every share link shows the same page, whatever its token: it says nothing of whether the link exists.
 * Paths are compared as sent, without decoding; nothing outside the patterns can be named.
 */
export function pageOf(path: string): Page | undefined {
  if (path.startsWith('/s/') && path.length <= 256) return web('share', 'share.html');
  if (path === '/console' || path === '/console/') return web('console', 'console.html');
  if (path === '/workstation' || path === '/workstation/') return web('workstation', 'workstation.html');
  if (path === '/m/') return { name: 'patient', surface: 'patient', file: 'index.html', isImmutable: false };
  const asset = visible(assetName.exec(path)?.[1]);
  if (asset !== undefined) return { name: 'asset', surface: 'web', file: `assets/${asset}`, isImmutable: true };
  const patient = visible(patientAsset.exec(path)?.[1]);
  if (patient !== undefined) return { name: 'asset', surface: 'patient', file: `assets/${patient}`, isImmutable: true };
  const file = rootFile.exec(path)?.[1];
  return file === undefined ? undefined : web('file', file);
}

function web(name: Page['name'], file: string): Page {
  return { name, surface: 'web', file, isImmutable: false };
}

function visible(name: string | undefined): string | undefined {
  return name?.startsWith('.') === true ? undefined : name;
}
