import type { PGlite, PGliteOptions } from '@electric-sql/pglite';

/** What the main thread asks of the worker. Bytes are frontend messages of the PostgreSQL protocol, ending in a whole message. */
export type PgliteRequest =
  | { readonly ask: 'session' }
  | { readonly ask: 'protocol'; readonly bytes: Uint8Array }
  | { readonly ask: 'close' };

export type PgliteAnswer =
  | { readonly answer: 'ready' }
  | { readonly answer: 'open-failed'; readonly message: string }
  | { readonly answer: 'session' }
  | { readonly answer: 'protocol'; readonly bytes: Uint8Array }
  | { readonly answer: 'failed'; readonly message: string }
  | { readonly answer: 'closed' };

export interface PgliteWorkerData {
  /** Absolute path of the PGlite package: an evaluated worker resolves names from the working folder, which may be anywhere. */
  readonly modulePath: string;
  readonly folder: string | undefined;
}

/**
 * The body of the PGlite worker thread. It is handed over as text (`new Worker('(' + servePglite + ')(require)', { eval: true })`),
 * so that it runs the same from compiled output and from TypeScript sources under test: it must not touch anything outside itself.
 * PGlite computes in its thread for milliseconds at a time; in the main thread it would hold up every socket.
 */
export function servePglite(nodeRequire: NodeJS.Require): void {
  const { parentPort, workerData } = nodeRequire('node:worker_threads') as typeof import('node:worker_threads'); // require is untyped
  const data = workerData as PgliteWorkerData; // workerData is untyped
  const { PGlite: pglite } = nodeRequire(data.modulePath) as typeof import('@electric-sql/pglite'); // require is untyped
  const answer = (message: PgliteAnswer) => parentPort?.postMessage(message);
  const textOf = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

  const serve = async (db: PGlite, request: PgliteRequest): Promise<void> => {
    switch (request.ask) {
      case 'session':
        // One PostgreSQL session serves one pooled client after another: leave nothing of the last one behind.
        await db.exec('rollback');
        await db.exec('discard all');
        return answer({ answer: 'session' });
      case 'protocol':
        return answer({ answer: 'protocol', bytes: await db.execProtocolRaw(request.bytes) });
      case 'close':
        await db.close();
        return answer({ answer: 'closed' });
    }
  };

  // PostgreSQL sized for its one session: PGlite's own 160 MB of buffers and 100 connections cost 120 MB of memory and give nothing here.
  const sizes = ['-c', 'shared_buffers=32MB', '-c', 'wal_buffers=1MB', '-c', 'max_connections=4'];
  const options: PGliteOptions = {
    dataDir: data.folder ?? 'memory://',
    startParams: [...pglite.defaultStartParams, ...sizes],
  };
  pglite.create(options).then(
    (db) => {
      // Requests are served one after the other, in the order in which they came.
      let last = Promise.resolve();
      parentPort?.on('message', (request: PgliteRequest) => {
        last = last
          .then(() => serve(db, request))
          .catch((error) => answer({ answer: 'failed', message: textOf(error) }));
      });
      answer({ answer: 'ready' });
    },
    (error) => answer({ answer: 'open-failed', message: textOf(error) }),
  );
}
