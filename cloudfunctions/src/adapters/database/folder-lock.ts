import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { ProblemError, problem } from '@yingyun/shared/domain/problem';

/** A process that was just killed is seen a little longer. */
const patienceMs = 2000;

/**
 * Takes a folder for this process by a file with our process id beside it; the answer gives it back. A file whose process is gone was
 * left by a crash and is taken over. Throws ProblemError `storage-unavailable` while another live process holds it.
 *
 * Not promised: protection from a process on another machine or in another container that mounts the same folder.
 */
export async function lockFolder(file: string): Promise<() => Promise<void>> {
  const giveUpAt = performance.now() + patienceMs;
  for (;;) {
    const [pid = '', birth = ''] = (await readFile(file, 'utf8').catch(() => '')).trim().split(' ');
    const holder = Number.parseInt(pid, 10);
    const isHeld = Number.isInteger(holder) && holder !== process.pid && isStillThere(holder, birth);
    if (!isHeld) break;
    if (performance.now() > giveUpAt) {
      throw new ProblemError(problem('storage-unavailable', `the database folder is in use by process ${holder}`));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await writeFile(file, `${process.pid} ${birthOf(process.pid) ?? ''}\n`);
  return () => rm(file, { force: true });
}

function isStillThere(pid: number, birth: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // process.kill throws system errors only
  }
  // Ids are used again, and a dead process that nobody has waited for keeps its own (Linux tells; elsewhere the id must do).
  const seen = birthOf(pid);
  return seen === undefined || (seen !== 'dead' && (birth === '' || seen === birth));
}

/** When the process was started, in the kernel's ticks; "dead" for one that only waits to be forgotten; undefined where there is no /proc. */
function birthOf(pid: number): string | undefined {
  try {
    // proc(5): "pid (name) state ppid …", the start time is field 22; the name may hold blanks and parentheses.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? 'dead' : fields[19];
  } catch {
    return undefined; // no /proc here, or the process went away while we looked: the next look will tell
  }
}
