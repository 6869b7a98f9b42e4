import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readCertificate, selfSignedCertificate } from './adapters/tls/certificate';
import { reloadCertificateOnChange } from './adapters/tls/reload-certificate';
import type { Settings } from './config/settings';
import { type DicomServer, type DicomServerOptions, startDicomServer } from './gateway/receive/dicom-server';

export interface DicomListeners {
  /** Of the plain port; null: there is none. */
  readonly port: number | null;
  close(): Promise<void>;
}

/** The DICOM port where it isn't switched off, and the one that speaks TLS where it is set. Rejects as `startDicomServer` does, or where a file can't be used. */
export async function startDicomListeners(
  options: Omit<DicomServerOptions, 'port' | 'aeTitle' | 'peers' | 'tls'>,
  settings: Settings,
): Promise<DicomListeners> {
  const server = { ...options, aeTitle: settings.aeTitle, peers: settings.peers };
  const { dicomPort } = settings;
  const plain = dicomPort === null ? undefined : await startDicomServer({ ...server, port: dicomPort });
  const secure = settings.dicomTls === undefined ? undefined : await startSecure(server, settings, settings.dicomTls);
  return {
    port: plain?.port ?? null,
    close: async () => {
      await Promise.all([plain?.close(), secure?.close()]);
    },
  };
}

async function startSecure(
  server: Omit<DicomServerOptions, 'port' | 'tls'>,
  settings: Settings,
  { port, certificate, clientCaFile }: NonNullable<Settings['dicomTls']>,
): Promise<Pick<DicomServer, 'close'>> {
  const files = certificate ?? (await selfSignedCertificate(settings.dataFolder, settings.host));
  const pair = await readCertificate(files);
  const secure = await startDicomServer({ ...server, port, tls: { ...pair, ...clientCaOf(clientCaFile) } });
  const stopReloading = reloadCertificateOnChange(
    { setSecureContext: (renewed) => secure.renewCertificate({ ...renewed, ...clientCaOf(clientCaFile) }) },
    files,
    server.ports.log,
    { more: clientCaFile === undefined ? [] : [clientCaFile] },
  );
  return {
    close: () => {
      stopReloading();
      return secure.close();
    },
  };
}

/** Throws where the file can't be read or holds no certificate: Node takes such a file in silence, and lets nobody in. */
function clientCaOf(file: string | undefined): { readonly clientCa?: string } {
  if (file === undefined) return {};
  const clientCa = readFileSync(file, 'utf8');
  new X509Certificate(clientCa);
  return { clientCa };
}
