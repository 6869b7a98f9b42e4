import type { Server } from 'node:https';
import { Server as TlsServer } from 'node:tls';
import { selfSignedCertificate } from '../adapters/tls/certificate';
import { reloadCertificateOnChange, tlsPolicy } from '../adapters/tls/reload-certificate';
import { startMidway } from '../bootstrap';
import type { Settings } from '../config/settings';
import { type FunctionApp, functionApp } from '../function/function-app';
import { sweepHandler } from '../function/sweep.function';
import type { Ports } from '../ports/ports';
import type { ApiPorts } from '../service/api-ports';
import { createApiPorts } from './api-ports';
import { assertRoutesAreContract } from './assert-routes';
import { createClientAddress } from './client-address';
import { createOperationGate } from './operation-routes';
import { createRequestMetrics } from './request-metrics';

export interface StartHttpInput {
  readonly ports: Ports;
  readonly settings: Pick<
    Settings,
    'dataFolder' | 'host' | 'httpPort' | 'publicUrl' | 'tls' | 'trustedProxies' | 'operations'
  >;
  /** The built web surfaces (h5/dist). */
  readonly h5Folder: string;
  /** The built patient app (miniprogram/dist/h5); absent: it isn't served. */
  readonly patientFolder?: string;
  /** Replaces parts of the API's own ports (tests). */
  readonly overrides?: Partial<ApiPorts>;
  /** True behind a gateway that ends TLS (an SCF web function): plain HTTP on `httpPort`. */
  readonly isBehindGateway?: boolean;
}

export interface HttpServer extends FunctionApp {
  readonly port: number;
  /** The ports with what the use cases of the API need besides; for callers inside this process. */
  readonly ports: ApiPorts;
  /** Stops listening, waits for running requests (at most 10 s), then stops Midway. */
  close(): Promise<void>;
}

/** On one server this is the timer trigger. */
const sweepEveryMs = 10 * 60_000;
/** A reader pauses at a slice for longer than Node's 5 s; a new TLS handshake costs a phone three round trips. */
const keepAliveMs = 65_000;
const closeGraceMs = 10_000;

/**
 * Starts API, web surfaces and event functions. Resolves when the port is open; rejects with the system's error (EADDRINUSE …)
 * where it can't be. Only one may run in a process at a time: Midway keeps its container in a global.
 */
export async function startHttp(input: StartHttpInput): Promise<HttpServer> {
  const { settings, isBehindGateway = false } = input;
  let port = settings.httpPort;
  const ports = createApiPorts(input.ports, () => settings.publicUrl.replace(/:0$/, `:${port}`), input.overrides);
  const files = isBehindGateway
    ? undefined
    : (settings.tls ?? (await selfSignedCertificate(settings.dataFolder, settings.host)));
  const midway = await startMidway(
    {
      ports,
      h5Folder: input.h5Folder,
      patientFolder: input.patientFolder ?? input.h5Folder,
      requestMetrics: createRequestMetrics(),
      clientAddress: createClientAddress({ isBehindGateway, trustedProxies: settings.trustedProxies }),
      operationGate: createOperationGate({ isBehindGateway, operations: settings.operations }),
    },
    { serverOptions: files === undefined ? {} : { cert: files.certFile, key: files.keyFile, ...tlsPolicy } },
    Buffer.from(ports.random.bytes(32)).toString('hex'),
  );
  try {
    await assertRoutesAreContract(midway.container);
    const server = midway.koa.getServer() as Server; // https, or http with the same methods behind a gateway
    server.keepAliveTimeout = keepAliveMs;
    port = await listen(server, settings.httpPort, settings.host);
    const stopReloading =
      files !== undefined && server instanceof TlsServer
        ? reloadCertificateOnChange(server, files, ports.log)
        : undefined;
    const functions = functionApp(midway.faas);
    const sweeping = setInterval(() => {
      functions.invoke(sweepHandler, {}).catch((cause: unknown) => ports.log.error('sweep-failed', {}, cause));
    }, sweepEveryMs);
    return {
      port,
      ports,
      ...functions,
      close: async () => {
        clearInterval(sweeping);
        stopReloading?.();
        await closeServer(server);
        await midway.stop();
      },
    };
  } catch (cause) {
    await midway.stop();
    throw cause;
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.removeListener('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), closeGraceMs);
    server.close(() => {
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
