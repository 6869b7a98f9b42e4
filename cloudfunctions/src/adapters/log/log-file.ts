import { closeSync, openSync, writeSync } from 'node:fs';

/** Lines gather for so long at most; what has gathered is also written when the process ends by itself or by an error. */
const flushAfterMs = 200;
const flushAtCharacters = 64 * 1024;

export interface LogFile {
  write(line: string): void;
  /** Writes what has gathered. */
  flush(): void;
  close(): void;
}

/** Appends lines to a file in gathered writes: one system call for many lines. A log that can't be written ends nothing. */
export function openLogFile(file: string): LogFile {
  const descriptor = openSync(file, 'a', 0o600);
  let gathered: string[] = [];
  let characters = 0;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const text = gathered.join('');
    gathered = [];
    characters = 0;
    if (text === '') return;
    try {
      writeSync(descriptor, text);
    } catch {
      // a full disk: receiving is refused for it elsewhere, and the operator hears of it there
    }
  }

  process.once('exit', flush);
  return {
    write(line) {
      gathered.push(`${line}\n`);
      characters += line.length;
      if (characters >= flushAtCharacters) flush();
      else timer ??= setTimeout(flush, flushAfterMs).unref();
    },
    flush,
    close() {
      flush();
      process.removeListener('exit', flush);
      closeSync(descriptor);
    },
  };
}
