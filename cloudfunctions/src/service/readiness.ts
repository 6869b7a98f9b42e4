import { sql } from 'drizzle-orm';
import { type ApiPorts, platformTenant } from './api-ports';

type State = 'ok' | 'failed';
const timeoutMs = 2000;

/** Asks every dependency a small question, all at once, each for at most two seconds. */
export async function readiness(
  ports: Pick<ApiPorts, 'database' | 'objects' | 'keyProvider' | 'journal' | 'log'>,
): Promise<{ readonly isReady: boolean; readonly dependencies: Readonly<Record<string, State>> }> {
  const questions: Readonly<Record<string, () => Promise<unknown>>> = {
    database: () => ports.database.execute(sql`select 1`),
    objectStore: () => ports.objects.size('readiness-probe'),
    keyProvider: () => ports.keyProvider.derive(platformTenant, 'audit', 'readiness'),
    journal: async () => ports.journal.lastSequence,
  };
  const answers = await Promise.all(
    Object.entries(questions).map(async ([name, ask]): Promise<readonly [string, State]> => {
      try {
        await within(ask());
        return [name, 'ok'];
      } catch (cause) {
        ports.log.warn('dependency-not-ready', { name, error: cause instanceof Error ? cause.name : 'unknown' });
        return [name, 'failed'];
      }
    }),
  );
  return { isReady: answers.every(([, state]) => state === 'ok'), dependencies: Object.fromEntries(answers) };
}

async function within<T>(asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), timeoutMs);
  });
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
