import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { codeOf } from './file-problem';

export interface DataFolderLock {
  release(): Promise<void>;
}

/** Who holds the folder: a process id alone may belong to another program after a restart, its start time may not. */
interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

const attempts = 5;
/** A process that was just killed is seen a little longer: it gives its memory back first. */
const defaultPatienceMs = 3000;

/**
 * Takes the data folder for this process, by the file `lock` in it. A lock whose process has ended is taken over, at once or while
 * we look for `patienceMs`. Throws an Error with a Chinese message where a living process holds it.
 */
export async function lockDataFolder(folder: string, patienceMs = defaultPatienceMs): Promise<DataFolderLock> {
  await fs.mkdir(folder, { recursive: true, mode: 0o700 });
  const lockFile = path.join(folder, 'lock');
  const own: Holder = { pid: process.pid, startedAt: await startTimeOf(process.pid) };
  for (let i = 0; i < attempts; i++) {
    if (await writeNew(lockFile, own)) {
      return { release: () => releaseOwn(lockFile, own) };
    }
    const holder = await readHolder(lockFile);
    if (holder !== undefined && (await outlives(holder, patienceMs))) {
      throw new Error(
        `数据目录 ${folder} 正被另一个影云进程（进程号 ${holder.pid}）使用。请先停止它，或用 YINGYUN_DATA 指定另一个目录。`,
      );
    }
    await removeStale(lockFile, own);
  }
  throw new Error(`无法锁定数据目录 ${folder}：另一个影云进程正在启动。请稍后重试。`);
}

async function writeNew(file: string, holder: Holder): Promise<boolean> {
  // Linked into place, so that nobody ever reads a half-written lock.
  const draft = `${file}.${randomUUID()}`;
  await fs.writeFile(draft, JSON.stringify(holder), { mode: 0o600 });
  try {
    await fs.link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await fs.rm(draft, { force: true });
  }
}

/**
 * Two processes may find the same stale lock. Only the one that makes `lock.takeover` removes it, and only after looking again:
 * otherwise the slower one would remove the lock that the faster one has just taken.
 */
async function removeStale(lockFile: string, own: Holder): Promise<void> {
  const takeover = `${lockFile}.takeover`;
  if (!(await writeNew(takeover, own))) {
    const other = await readHolder(takeover);
    if (other === undefined || !(await isAlive(other))) await fs.rm(takeover, { force: true });
    await new Promise((resolve) => setTimeout(resolve, 50));
    return;
  }
  try {
    const holder = await readHolder(lockFile);
    if (holder === undefined || !(await isAlive(holder))) await fs.rm(lockFile, { force: true });
  } finally {
    await fs.rm(takeover, { force: true });
  }
}

async function releaseOwn(lockFile: string, own: Holder): Promise<void> {
  const holder = await readHolder(lockFile);
  if (holder?.pid === own.pid && holder.startedAt === own.startedAt) await fs.rm(lockFile, { force: true });
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    const value: unknown = JSON.parse(await fs.readFile(file, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startedAt' in value)) return undefined;
    const { pid, startedAt } = value;
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : undefined;
  } catch {
    // gone, or damaged by a power loss: nobody holds it
    return undefined;
  }
}

/** Whether the holder is still alive after `patienceMs`; false as soon as it has ended. */
async function outlives(holder: Holder, patienceMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + patienceMs;
  while (await isAlive(holder)) {
    if (performance.now() >= giveUpAt) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

async function isAlive(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
  }
  return (await startTimeOf(holder.pid)) === holder.startedAt;
}

/**
 * Boot id and start time in clock ticks (proc(5), field 22 of stat); '' where the system has no /proc. `dead` for a process that has
 * ended and that nobody has waited for: in a container without an init it keeps its id for ever.
 */
async function startTimeOf(pid: number): Promise<string> {
  try {
    const stat = await fs.readFile(`/proc/${pid}/stat`, 'utf8');
    const bootId = await fs.readFile('/proc/sys/kernel/random/boot_id', 'utf8');
    // The command name (field 2) may hold blanks and brackets: fields are counted from its last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'dead' : `${bootId.trim()}/${fields[19] ?? ''}`;
  } catch {
    return '';
  }
}
