import { randomBytes, randomUUID } from 'node:crypto';
import { createCfe1Sealer } from '../adapters/sealing/cfe1-sealer';
import { type DicomServer, type DicomServerOptions, startDicomServer } from '../gateway/receive/dicom-server';
import { type MemorySpool, type MemorySpoolOptions, openMemorySpool } from './memory-spool';

export interface TestDicomServer extends DicomServer {
  readonly spool: MemorySpool;
  readonly logged: { readonly level: string; readonly event: string; readonly fields: Record<string, unknown> }[];
  readonly peer: {
    readonly host: string;
    readonly port: number;
    readonly calledAeTitle: string;
    readonly callingAeTitle: string;
  };
  /** Data set bytes of the n-th committed file: what follows preamble and file meta. */
  dataSet(index: number): Buffer;
  /** How often `onAcknowledged` was called. */
  announced(): number;
}

/** A gateway on a free port of this machine that spools into memory. */
export async function startTestServer(
  options: Partial<DicomServerOptions> = {},
  spoolOptions: MemorySpoolOptions = {},
): Promise<TestDicomServer> {
  const spool = openMemorySpool(spoolOptions);
  const logged: { level: string; event: string; fields: Record<string, unknown> }[] = [];
  const line =
    (level: string) =>
    (event: string, fields: Record<string, unknown> = {}, cause?: unknown) => {
      logged.push({ level, event, fields: cause === undefined ? fields : { ...fields, cause } });
    };
  let announced = 0;
  const server = await startDicomServer({
    ports: {
      spool,
      sealer: createCfe1Sealer({ random: { bytes: (length) => randomBytes(length), uuid: randomUUID } }),
      log: { info: line('info'), warn: line('warn'), error: line('error') },
      clock: { now: () => new Date('2026-03-01T08:30:00.123Z') },
    },
    tenantId: 'test-hospital',
    host: '127.0.0.1',
    port: 0,
    aeTitle: 'YINGYUN',
    peers: [],
    onAcknowledged: () => {
      announced++;
    },
    ...options,
  });
  return {
    ...server,
    spool,
    logged,
    announced: () => announced,
    peer: { host: '127.0.0.1', port: server.port, calledAeTitle: 'YINGYUN', callingAeTitle: 'TESTSCU' },
    dataSet: (index) => {
      const bytes = spool.committed[index]?.bytes ?? Buffer.alloc(0);
      // PS3.10 7.1: group length of the file meta stands right after the prefix
      return bytes.subarray(144 + bytes.readUInt32LE(140));
    },
  };
}
