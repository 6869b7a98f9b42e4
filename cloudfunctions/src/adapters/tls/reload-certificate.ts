import { X509Certificate } from 'node:crypto';
import { unwatchFile, watchFile } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { CertificateFiles } from '../../config/settings';
import type { Log } from '../../ports/log';
import { readCertificate } from './certificate';

/** Node's default ciphers, and nothing older than TLS 1.2 (GB/T 22239-2019 8.1.4.1 c). */
export const tlsPolicy = { minVersion: 'TLSv1.2' } as const;

/**
 * Gives new connections the new certificate as soon as its files change; open connections keep theirs. A pair that doesn't fit
 * together (a renewal writes two files, one after the other) is logged and left alone until the next change. Files are polled,
 * because a renewal may replace a symbolic link's target. `more`: files that the server reads itself, whose change counts as well. Returns the function that stops watching.
 */
export function reloadCertificateOnChange(
  server: { setSecureContext(options: { readonly cert: Buffer; readonly key: Buffer }): void },
  files: CertificateFiles,
  log: Log,
  { intervalMs = 5000, more = [] }: { readonly intervalMs?: number; readonly more?: readonly string[] } = {},
): () => void {
  const reload = async (): Promise<void> => {
    try {
      const pair = await readCertificate(files);
      const certificate = new X509Certificate(pair.cert);
      createSecureContext({ ...pair, ...tlsPolicy });
      server.setSecureContext({ ...pair, ...tlsPolicy });
      log.info('tls-certificate-reloaded', { validTo: certificate.validTo });
    } catch (cause) {
      log.error('tls-certificate-unusable', {}, cause);
    }
  };
  const onChange = (): void => void reload();
  const watched = [files.certFile, files.keyFile, ...more];
  for (const file of watched) watchFile(file, { interval: intervalMs, persistent: false }, onChange);
  return () => {
    for (const file of watched) unwatchFile(file, onChange);
  };
}
