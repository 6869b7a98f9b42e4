import * as net from 'node:net';
import type { Ports } from '../../ports/ports';
import { plainAddress } from '../plain-address';
import { createGb18030Encoder, type TextEncoderTo } from './gb18030-encoder';
import { type MllpConnection, serveMllpConnection } from './mllp-connection';
import { defaultMllpLimits, type MllpServerLimits } from './mllp-limits';
import { shanghaiOffsetMinutes } from './read-instant';

export interface MllpServerOptions {
  readonly ports: Pick<Ports, 'spool' | 'log' | 'clock'>;
  readonly tenantId: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** IP addresses that may connect; absent: this machine's own, as for DICOM. */
  readonly allowedAddresses?: readonly string[];
  readonly limits?: Partial<MllpServerLimits>;
  /** Minutes east of UTC for times without a zone; default 480 (Asia/Shanghai). */
  readonly utcOffsetMinutes?: number;
  readonly onAcknowledged: () => void;
}

export interface MllpServer {
  readonly port: number;
  /** Takes nothing new, finishes and answers what is being stored, closes every connection. */
  close(): Promise<void>;
}

/** Listens for HL7 v2 messages over MLLP (docs/hl7-interface.md). Rejects where the port can't be had. */
export async function startMllpServer(options: MllpServerOptions): Promise<MllpServer> {
  const { ports } = options;
  const limits = { ...defaultMllpLimits, ...options.limits };
  const connections = new Map<MllpConnection, string>();
  const startedAt = ports.clock.now().getTime().toString(36);
  let answers = 0;
  let heldBytes = 0;
  let encoder: TextEncoderTo | undefined;
  const context = {
    receiver: {
      ports,
      tenantId: options.tenantId,
      utcOffsetMinutes: options.utcOffsetMinutes ?? shanghaiOffsetMinutes,
      onAcknowledged: options.onAcknowledged,
    },
    limits,
    encodeGb18030: (text: string) => {
      encoder ??= createGb18030Encoder();
      return encoder(text);
    },
    nextControlId: () => `YY${startedAt}${(++answers).toString(36)}`.toUpperCase(),
    hold: (difference: number) => {
      heldBytes += difference;
      return difference > 0 && heldBytes > limits.maxHeldBytes;
    },
  };

  // half-open: a peer may end its side and still wait for the answer
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    const address = plainAddress(socket.remoteAddress ?? '');
    const ofAddress = [...connections.values()].filter((other) => other === address).length;
    if (!isAllowed(address, options.allowedAddresses) || ofAddress >= limits.maxConnectionsOfAddress) {
      ports.log.warn('hl7-connection-refused', { address, reason: ofAddress > 0 ? 'too many' : 'not allowed' });
      socket.destroy();
      return;
    }
    const connection = serveMllpConnection(socket, context);
    connections.set(connection, address);
    void connection.done.finally(() => connections.delete(connection));
  });
  server.maxConnections = limits.maxConnections;
  server.on('drop', () => ports.log.warn('hl7-connection-refused', { reason: 'too many' }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', (fault) => ports.log.error('hl7-server-fault', {}, fault));
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections.keys()) connection.close();
      await closed;
    },
  };
}

/** HL7 has no sender to authenticate: without a list only programs of this machine may say what a report is. */
export function isAllowed(address: string, allowed: readonly string[] | undefined): boolean {
  const plain = plainAddress(address);
  if (allowed === undefined) return plain === '::1' || plain.startsWith('127.');
  return allowed.some((one) => plainAddress(one) === plain);
}
