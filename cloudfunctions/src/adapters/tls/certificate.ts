import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import * as path from 'node:path';
import { generate } from 'selfsigned';
import type { CertificateFiles } from '../../config/settings';

/**
 * The demo's certificate: made once, kept in the data folder, reused. Browsers warn about it once; a hospital brings its own
 * (`YINGYUN_TLS_CERT`, `YINGYUN_TLS_KEY`). The key file is readable by its owner only.
 */
export async function selfSignedCertificate(dataFolder: string, host: string): Promise<CertificateFiles> {
  const folder = path.join(dataFolder, 'tls');
  const files = { certFile: path.join(folder, 'certificate.pem'), keyFile: path.join(folder, 'key.pem') };
  if ((await exists(files.certFile)) && (await exists(files.keyFile))) return files;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const addresses = [...new Set(['127.0.0.1', '::1', ...(isIP(host) !== 0 ? [host] : [])])];
  const names = [...new Set(['localhost', ...(isIP(host) === 0 ? [host] : [])])];
  const notBefore = new Date(Date.now() - 3_600_000);
  const made = await generate([{ name: 'commonName', value: 'Yingyun demo' }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    notBeforeDate: notBefore,
    notAfterDate: new Date(notBefore.getTime() + 825 * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          ...names.map((value) => ({ type: 2 as const, value })),
          ...addresses.map((ip) => ({ type: 7 as const, ip })),
        ],
      },
    ],
  });
  await replaceFile(files.keyFile, made.private, 0o600);
  await replaceFile(files.certFile, made.cert, 0o644);
  return files;
}

export async function readCertificate(
  files: CertificateFiles,
): Promise<{ readonly cert: Buffer; readonly key: Buffer }> {
  const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
  return { cert, key };
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function replaceFile(file: string, text: string, mode: number): Promise<void> {
  await writeFile(`${file}.new`, text, { mode });
  await rename(`${file}.new`, file);
}
