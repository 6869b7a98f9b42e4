import { type ChildProcess, spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';

export interface ChildServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** A port of this machine that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Starts a foreign server and waits until it takes connections on `port`. */
export async function startChildServer(command: string, args: readonly string[], port: number): Promise<ChildServer> {
  const child = spawn(command, args, { env: { ...process.env, TCP_NODELAY: '1' }, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  child.on('error', () => {});
  for (let i = 0; i < 400 && child.exitCode === null; i++) {
    if (await takesConnections(port)) return { port, stop: () => stop(child, ended) };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await stop(child, ended);
  throw new Error(`${command} did not start`);
}

async function stop(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill();
  const hard = setTimeout(() => child.kill('SIGKILL'), 5000);
  await ended;
  clearTimeout(hard);
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
