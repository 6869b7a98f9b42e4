import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { readCertificate, selfSignedCertificate } from './adapters/tls/certificate';
import { reloadCertificateOnChange } from './adapters/tls/reload-certificate';
import type { Settings } from './config/settings';
import { type DicomServer, type DicomServerOptions, startDicomServer } from './gateway/receive/dicom-server';

export interface DicomListeners {
  readonly port: number;
  close(): Promise<void>;
}

/** The DICOM port, and the one that speaks TLS where it is set. Rejects as `startDicomServer` does, or where a file can't be used. */
export async function startDicomListeners(
  options: Omit<DicomServerOptions, 'port' | 'aeTitle' | 'peers' | 'tls'>,
  settings: Settings,
): Promise<DicomListeners> {
  const server = { ...options, aeTitle: settings.aeTitle, peers: settings.peers };
  const plain = await startDicomServer({ ...server, port: settings.dicomPort });
  const secure = settings.dicomTls === undefined ? undefined : await startSecure(server, settings, settings.dicomTls);
  return {
    port: plain.port,
    close: async () => {
      await Promise.all([plain.close(), secure?.close()]);
    },
  };
}

async function startSecure(
  server: Omit<DicomServerOptions, 'port' | 'tls'>,
  settings: Settings,
  { port, certificate, clientCaFile }: NonNullable<Settings['dicomTls']>,
): Promise<Pick<DicomServer, 'close'>> {
  const files = certificate ?? (await selfSignedCertificate(settings.dataFolder, settings.host));
  const clientCa = clientCaFile === undefined ? undefined : await readFile(clientCaFile, 'utf8');
  if (clientCa !== undefined) new X509Certificate(clientCa); // Node takes a file without a certificate in silence, and lets nobody in
  const pair = await readCertificate(files);
  const secure = await startDicomServer({
    ...server,
    port,
    tls: { ...pair, ...(clientCa === undefined ? {} : { clientCa }) },
  });
  const stopReloading = reloadCertificateOnChange(
    { setSecureContext: (renewed) => secure.renewCertificate(renewed) },
    files,
    server.ports.log,
  );
  return {
    close: () => {
      stopReloading();
      return secure.close();
    },
  };
}
