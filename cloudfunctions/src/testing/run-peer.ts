import { spawn } from 'node:child_process';

/**
 * Runs a foreign program to its end and gives what it printed. DCMTK since 3.6.2 leaves Nagle's algorithm on; without TCP_NODELAY
 * every exchange waits 40 ms.
 */
export function runPeer(
  command: string,
  args: readonly string[],
  timeoutMs = 60_000,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env: { ...process.env, TCP_NODELAY: '1' }, timeout: timeoutMs });
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString('latin1')));
    child.stderr.on('data', (bytes: Buffer) => (output += bytes.toString('latin1')));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
