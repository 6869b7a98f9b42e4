import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Ports } from '../ports/ports';
import type { OutgoingTextMessage } from '../ports/text-message';
import type { ApiPorts } from '../service/api-ports';
import type { TriesPerHour } from '../service/attempt-limits';
import { requireCompiled } from './compiled';
import { createHandClock, createMemoryLog, type HandClock } from './fakes';
import { type Ask, httpsClient } from './https-client';

export interface TestApp {
  readonly ask: Ask;
  readonly port: number;
  readonly ports: ApiPorts;
  readonly clock: HandClock;
  readonly log: ReturnType<typeof createMemoryLog>;
  readonly folder: string;
  /** Text messages that went out, oldest first; `dispatch` the outbox's events to send them. */
  readonly sentMessages: readonly OutgoingTextMessage[];
  /** What the database was asked, oldest first; a test may empty it. */
  readonly statements: string[];
  readonly ca: Buffer;
  readonly server: import('../http/start-http').HttpServer;
  /** Stops HTTP and starts it anew on the same database and folder: what a restart forgets is forgotten. */
  restart(): Promise<TestApp>;
  stop(): Promise<void>;
}

/** For `beforeAll`: the first start may have to compile. */
export const startTimeoutMs = 300_000;

export interface TestAppOptions {
  /** An empty PostgreSQL database; absent: PGlite in memory. */
  readonly databaseUrl?: string;
  readonly triesPerHour?: Partial<TriesPerHour>;
  readonly h5Folder?: string;
  /** Plain HTTP, as behind a gateway that ends TLS. */
  readonly isBehindGateway?: boolean;
  /** Start of the hand clock. */
  readonly now?: string;
}

/** The real compiled application on 127.0.0.1 over TLS: PGlite in memory, real keys, sealing, fields, audit and object store. */
export async function startTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const compiled = requireCompiled();
  const { openDatabase }: typeof import('../adapters/database/open-database') = compiled(
    'adapters/database/open-database',
  );
  const { subsetViolations }: typeof import('../adapters/database/sql-subset') =
    compiled('adapters/database/sql-subset');
  const { createNodeFiles }: typeof import('../adapters/files/node-files') = compiled('adapters/files/node-files');
  const { openSoftKeyProvider }: typeof import('../adapters/keys/soft-key-provider') = compiled(
    'adapters/keys/soft-key-provider',
  );
  const { openKeyRing }: typeof import('../adapters/keys/journalled-key-ring') = compiled(
    'adapters/keys/journalled-key-ring',
  );
  const { createCfe1Sealer }: typeof import('../adapters/sealing/cfe1-sealer') =
    compiled('adapters/sealing/cfe1-sealer');
  const { createFolderObjectStore }: typeof import('../adapters/objects/folder-object-store') = compiled(
    'adapters/objects/folder-object-store',
  );
  const { createFieldCipher }: typeof import('../adapters/fields/field-cipher') =
    compiled('adapters/fields/field-cipher');
  const { createAuditTrail }: typeof import('../adapters/audit/audit-trail') = compiled('adapters/audit/audit-trail');
  const { openJournal }: typeof import('../gateway/journal/journal') = compiled('gateway/journal/journal');
  const { createOutbox }: typeof import('../adapters/outbox/outbox') = compiled('adapters/outbox/outbox');
  const { createInProcessTranscoder }: typeof import('../adapters/transcoder/in-process-transcoder') = compiled(
    'adapters/transcoder/in-process-transcoder',
  );
  const { createTogether }: typeof import('../adapters/together/together') = compiled('adapters/together/together');
  const { createSystemRandom }: typeof import('../adapters/time/system-random') =
    compiled('adapters/time/system-random');

  const folder = await mkdtemp(path.join(tmpdir(), 'yingyun-app-'));
  const clock = createHandClock(options.now);
  const log = createMemoryLog();
  const random = createSystemRandom();
  const files = createNodeFiles();
  const keyFolder = path.join(folder, 'keys');
  const objectFolder = path.join(folder, 'objects');
  await files.makeFolder(keyFolder);
  await files.makeFolder(objectFolder);
  const journalFolder = path.join(folder, 'journal');
  await files.makeFolder(journalFolder);
  const journal = await openJournal({ files, folder: journalFolder });
  const keyProvider = await openSoftKeyProvider({ files, folder: keyFolder, random });
  const keys = await openKeyRing({ files, folder: keyFolder, provider: keyProvider, random, clock });
  const statements = new Set<string>();
  const statementsInOrder: string[] = [];
  const opened = await openDatabase(
    options.databaseUrl === undefined
      ? { kind: 'pglite', folder: undefined }
      : { kind: 'postgres', url: options.databaseUrl },
    {
      onStatement: (statement) => {
        statements.add(statement);
        statementsInOrder.push(statement);
      },
    },
  );
  await opened.migrate();
  const sentMessages: OutgoingTextMessage[] = [];
  const ports = {
    clock,
    random,
    log,
    files,
    keyProvider,
    keys,
    database: opened.database,
    sealer: createCfe1Sealer({ random }),
    objects: createFolderObjectStore({ files, folder: objectFolder }),
    fields: createFieldCipher({ keyProvider, random }),
    audit: createAuditTrail({ keyProvider, clock }),
    journal,
    outbox: createOutbox({ clock, random }),
    transcoder: createInProcessTranscoder(),
    together: createTogether(),
    notifier: { channel: 'none', send: notHere },
    publishing: { unreportedAfterMs: null },
    textMessages: {
      channel: 'none',
      send: async (message: OutgoingTextMessage) => {
        sentMessages.push(message);
        return 'sent';
      },
    },
    spool: { open: notHere, read: notHere, release: async () => {} },
  } as unknown as Ports; // the spool takes no part in these tests
  return serveWith({ ...ports, sentMessages, statements: statementsInOrder }, folder, clock, log, options, async () => {
    await keys.close();
    await journal.close();
    const violations = [...statements].flatMap((statement) => subsetViolations(statement));
    if (violations.length > 0) throw new Error(`outside the SQL subset: ${violations.join('; ')}`);
    await opened.close();
    await rm(folder, { recursive: true, force: true });
  });
}

async function serveWith(
  basePorts: Ports & Pick<TestApp, 'sentMessages' | 'statements'>,
  folder: string,
  clock: HandClock,
  log: TestApp['log'],
  options: TestAppOptions,
  release: () => Promise<void>,
): Promise<TestApp> {
  const compiled = requireCompiled();
  const { startHttp }: typeof import('../http/start-http') = compiled('http/start-http');
  const { createAttemptLimits }: typeof import('../service/attempt-limits') = compiled('service/attempt-limits');
  const server = await startHttp({
    ports: basePorts as never, // the pipeline's ports are not called here
    settings: {
      dataFolder: folder,
      host: '127.0.0.1',
      httpPort: 0,
      publicUrl: 'https://127.0.0.1:0',
      tls: undefined,
      trustedProxies: [],
      operations: 'local',
    },
    h5Folder: options.h5Folder ?? path.join(folder, 'no-h5'),
    isBehindGateway: options.isBehindGateway === true,
    overrides: options.triesPerHour === undefined ? {} : { attempts: createAttemptLimits(clock, options.triesPerHour) },
  });
  const ca = options.isBehindGateway === true ? undefined : await readFile(path.join(folder, 'tls', 'certificate.pem'));
  return {
    ask: httpsClient(server.port, ca),
    port: server.port,
    ports: server.ports,
    clock,
    log,
    folder,
    sentMessages: basePorts.sentMessages,
    statements: basePorts.statements,
    ca: ca ?? Buffer.alloc(0),
    server,
    restart: async () => {
      await server.close();
      return serveWith(basePorts, folder, clock, log, options, release);
    },
    stop: async () => {
      await server.close();
      await release();
    },
  };
}

function notHere(): never {
  throw new Error('this port takes no part in the test');
}
