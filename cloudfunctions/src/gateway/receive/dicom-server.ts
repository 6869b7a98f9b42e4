import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, Server as TlsServer } from 'node:tls';
import type { DicomPeer } from '../../config/settings';
import type { Ports } from '../../ports/ports';
import { Association, type AssociationServer } from './association';
import { ReceiveCounters, type ReceiveCounts } from './receive-counters';
import { defaultReceiveLimits, type ReceiveLimits } from './receive-limits';

export interface DicomServerOptions {
  readonly ports: Pick<Ports, 'spool' | 'sealer' | 'log' | 'clock'>;
  readonly tenantId: string;
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly aeTitle: string;
  /** Who may associate; empty = any AE title from this machine. */
  readonly peers: readonly DicomPeer[];
  readonly limits?: Partial<ReceiveLimits>;
  /** Private storage SOP classes to accept besides the standard ones. */
  readonly privateStorageClasses?: readonly string[];
  /**
   * DICOM over TLS (PS3.15 annex B, BCP 195): TLS 1.2 or newer, PEM. With `clientCa` only peers that show a certificate of it get in.
   * Absent: plain TCP.
   */
  readonly tls?: CertificatePair & { readonly clientCa?: string };
  /** After every Success: something new stands in the journal. Must not throw. */
  readonly onAcknowledged: () => void;
  /** At every fragment of a data set, with its length. Must not throw. */
  readonly onReceiving?: (length: number) => void;
}

export interface CertificatePair {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

export interface DicomServer {
  readonly port: number;
  /** Open associations. */
  associations(): number;
  counts(): ReceiveCounts;
  /** New connections get this certificate, and get in by this `clientCa`. Only of a server that speaks TLS. */
  renewCertificate(pair: NonNullable<DicomServerOptions['tls']>): void;
  /** Takes no more connections, aborts what is open, waits for commits under way. */
  close(): Promise<void>;
}

/**
 * The Storage and Verification SCP (PS3.4 annexes A and B). Rejects with the listen error (EADDRINUSE …) where the port can't be had.
 */
export async function startDicomServer(options: DicomServerOptions): Promise<DicomServer> {
  const limits = { ...defaultReceiveLimits, ...options.limits };
  const counters = new ReceiveCounters();
  const connections = new Map<Association, Promise<void>>();
  let open = 0;
  const shared: AssociationServer = {
    ports: options.ports,
    tenantId: options.tenantId,
    limits,
    counters,
    aeTitle: options.aeTitle,
    peers: options.peers,
    privateStorageClasses: options.privateStorageClasses ?? [],
    onAcknowledged: options.onAcknowledged,
    onReceiving: options.onReceiving ?? (() => {}),
    enter: () => {
      if (open >= limits.maxAssociations) return false;
      open++;
      return true;
    },
    leave: () => {
      open--;
    },
  };
  const onConnection = (socket: Socket) => {
    socket.on('error', () => {}); // reported where the socket is read; without a listener a reset would end the process
    const association = new Association(socket, shared);
    const served = association.serve().finally(() => connections.delete(association));
    connections.set(association, served);
  };
  const tcp = { noDelay: true, keepAlive: true, keepAliveInitialDelay: 30_000 };
  const server =
    options.tls === undefined
      ? createServer(tcp, onConnection)
      : createTlsServer({ ...tcp, ...tlsOptions(options.tls), handshakeTimeout: limits.artimMs }, onConnection);
  // beyond the associations themselves: room to tell some more peers "local limit exceeded"; the rest is dropped unread
  server.maxConnections = 2 * limits.maxAssociations + 16;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', (error) => options.ports.log.error('dicom-listener-failed', {}, error));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    associations: () => open,
    counts: () => counters.snapshot(),
    renewCertificate: (pair) => {
      if (server instanceof TlsServer) server.setSecureContext(tlsOptions(pair));
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const association of connections.keys()) await association.abort();
      const grace = setTimeout(() => {
        for (const association of connections.keys()) association.drop();
      }, 1000);
      await Promise.all(connections.values());
      clearTimeout(grace);
      await closed;
    },
  };
}

/** PS3.15 B.12, RFC 9325 4.2: forward secrecy and authenticated encryption only. */
const ciphers = [
  'TLS_AES_128_GCM_SHA256',
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

function tlsOptions({ cert, key, clientCa }: NonNullable<DicomServerOptions['tls']>) {
  const asksClient = clientCa === undefined ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true };
  return { cert, key, minVersion: 'TLSv1.2' as const, ciphers, ...asksClient };
}
