import * as path from 'node:path';
import { createAuditTrail } from './adapters/audit/audit-trail';
import { type OpenDatabase, openDatabase } from './adapters/database/open-database';
import { createFieldCipher } from './adapters/fields/field-cipher';
import { createNodeFiles } from './adapters/files/node-files';
import { openKeyRing } from './adapters/keys/journalled-key-ring';
import { openSoftKeyProvider } from './adapters/keys/soft-key-provider';
import { createJsonLog } from './adapters/log/json-log';
import { createLogNotifier } from './adapters/notify/log-notifier';
import { createFolderObjectStore } from './adapters/objects/folder-object-store';
import { createOutbox } from './adapters/outbox/outbox';
import { startOutboxRunner } from './adapters/outbox/outbox-runner';
import { assertPlatformCrypto, createCfe1Sealer } from './adapters/sealing/cfe1-sealer';
import { createConsoleTextMessages } from './adapters/text-message/console-text-messages';
import { createWebhookTextMessages } from './adapters/text-message/webhook-text-messages';
import { createSystemClock } from './adapters/time/system-clock';
import { createSystemRandom } from './adapters/time/system-random';
import { createTogether } from './adapters/together/together';
import { createTranscoder } from './adapters/transcoder/piscina-transcoder';
import { startDicomListeners } from './compose-dicom';
import type { Settings } from './config/settings';
import { startMllpServer } from './gateway/hl7/mllp-server';
import { openJournal } from './gateway/journal/journal';
import { createReceiveFirst } from './gateway/receive/receive-first';
import { openSpool } from './gateway/spool/spool';
import { startHttp } from './http/start-http';
import { startMessageCatchUp } from './pipeline/catch-up-messages';
import { startJournalReader } from './pipeline/index/read-journal';
import type { ApiPorts } from './service/api-ports';
import { ensureHospital } from './service/ensure-hospital';

/** One gigabyte: below it the spool answers "out of resources" and the PACS tries again later. */
const highWaterFreeBytes = 1 << 30;

/** Work that waits while something is being received (docs/adr/0017-receive-first.md). */
const archiveKinds = ['instance-acknowledged', 'object-created'] as const;

/** How long archive work gathers for a shared transaction: a tenth of a second of waiting saves nine in ten statements. */
const gatherMs = 100;

export interface Running {
  /** For callers inside this process (the demo's welcome). */
  readonly apiPorts: ApiPorts;
  readonly kind: OpenDatabase['kind'];
  readonly addresses: { readonly http: number; readonly dicom: number | null; readonly mllp: number };
  /** Resolves when everything acknowledged so far is verified (or rests for a person). */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export interface ComposeOptions {
  readonly settings: Settings;
  /** The hospital this gateway receives for; its row is made where it is missing. */
  readonly hospital: { readonly id: string; readonly code: string; readonly name: string };
  readonly h5Folder: string;
  readonly patientFolder: string;
  readonly writeLog: (line: string) => void;
  /** A line on the server's own terminal: the demo's text messages. Never the log. */
  readonly print: (line: string) => void;
}

/**
 * Builds the one real record of ports, then starts gateway, projection, outbox and HTTP in one process (design §2).
 * The data folder must be locked by the caller.
 */
export async function startServer(options: ComposeOptions): Promise<Running> {
  const { settings, hospital, h5Folder, patientFolder, writeLog, print } = options;
  const clock = createSystemClock();
  const random = createSystemRandom();
  assertPlatformCrypto(random);
  const log = createJsonLog(writeLog);
  const files = createNodeFiles();
  const folder = (name: string) => path.join(settings.dataFolder, name);
  for (const name of ['keys', 'journal', 'spool', 'objects']) await files.makeFolder(folder(name));

  const keyProvider = await openSoftKeyProvider({ files, folder: folder('keys'), random });
  const keys = await openKeyRing({ files, folder: folder('keys'), provider: keyProvider, random, clock });
  const sealer = createCfe1Sealer({ random });
  const journal = await openJournal({ files, folder: folder('journal') });
  const spool = await openSpool({
    files,
    folder: folder('spool'),
    sealer,
    keys,
    journal,
    clock,
    random,
    highWaterFreeBytes,
  });
  const recovery = await spool.recover();
  log.info('spool-recovered', { removed: recovery.removed.length, waiting: recovery.waiting });
  // never acknowledged, or acknowledged after the copy that the journal was restored from (docs/object-layout.md)
  if (recovery.movedAside.length > 0) log.warn('spool-files-unknown', { movedAside: recovery.movedAside.length });
  // damage of the disk: a person must look, and the PACS must send again
  for (const { sequence, reason } of recovery.missing) log.error('acknowledged-file-missing', { sequence, reason });
  const objects = createFolderObjectStore({ files, folder: folder('objects') });
  const opened = await openDatabase(
    settings.databaseUrl === undefined
      ? { kind: 'pglite', folder: folder('database') }
      : { kind: 'postgres', url: settings.databaseUrl },
    { log },
  );
  await opened.migrate();
  await ensureHospital({ database: opened.database, clock }, hospital);
  const outbox = createOutbox({ clock, random });
  const fields = createFieldCipher({ keyProvider, random });
  const audit = createAuditTrail({ keyProvider, clock });
  const transcoder = createTranscoder({ workers: settings.workers });
  const notifier = createLogNotifier({ log });
  const textMessages =
    settings.textMessages === 'console'
      ? createConsoleTextMessages(print)
      : createWebhookTextMessages({ ...settings.textMessages, clock });
  const ports = {
    clock,
    random,
    log,
    database: opened.database,
    outbox,
    files,
    objects,
    sealer,
    keys,
    keyProvider,
    fields,
    spool,
    journal,
    audit,
    transcoder,
    together: createTogether({ gatherMs }),
    notifier,
    textMessages,
    publishing: { unreportedAfterMs: settings.unreportedAfterMs },
  };

  const http = await startHttp({ ports, settings, h5Folder, patientFolder });
  const receiveFirst = createReceiveFirst({ monotonicMs: () => performance.now(), onRelease: () => outbox.wake() });
  const reader = startJournalReader({
    database: opened.database,
    journal,
    outbox,
    random,
    clock,
    log,
    gatherMs: () => (receiveFirst.isHolding() ? 400 : gatherMs),
  });
  // a lost database is read back from the journal first: events that the reading withdraws must never run
  await reader.caughtUp();
  const catchUp = startMessageCatchUp(ports, recovery.waitingMessages, () => outbox.wake());
  const runner = startOutboxRunner({
    database: opened.database,
    clock,
    random,
    log,
    // far beyond the workers: those who wait for the disk and the database share syncs and transactions
    concurrency: settings.workers * 32,
    dispatch: http.dispatch,
    isSole: opened.kind === 'pglite',
    heldKinds: () => [...catchUp.heldKinds(), ...(receiveFirst.isHolding() ? archiveKinds : [])],
    onIdle: () => receiveFirst.noteCaughtUp(),
  });
  const stopWaking = outbox.onWake(() => runner.wake());
  journal.onAppend(() => reader.wake());
  const onAcknowledged = () => receiveFirst.noteInstance();
  const gateway = { ports, tenantId: hospital.id, host: settings.host, onAcknowledged };
  const onReceiving = (length: number) => receiveFirst.noteBytes(length);
  const dicom = await startDicomListeners({ ...gateway, onReceiving }, settings);
  const mllp = await startMllpServer({
    ...gateway,
    port: settings.mllpPort,
    ...(settings.peers.length === 0 ? {} : { allowedAddresses: settings.peers.map((peer) => peer.address) }),
  });

  return {
    apiPorts: http.ports,
    kind: opened.kind,
    addresses: { http: http.port, dicom: dicom.port, mllp: mllp.port },
    settled: async () => {
      for (let seen = -1; seen !== journal.lastSequence; ) {
        seen = journal.lastSequence;
        await reader.caughtUp();
        await runner.idle();
      }
    },
    stop: async () => {
      // the way a film travels: first nobody may bring anything new, then what is under way is finished
      await Promise.all([dicom.close(), mllp.close()]);
      receiveFirst.close();
      stopWaking();
      await catchUp.stop();
      await runner.stop();
      await reader.stop();
      await http.close();
      await transcoder.close();
      await keys.close();
      await journal.close();
      await opened.close();
    },
  };
}
