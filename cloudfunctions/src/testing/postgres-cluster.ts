import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { Client } from 'pg';

/** A private PostgreSQL for tests: own folder, unix socket, no TCP. */
export interface PostgresCluster {
  /** Makes an empty database and gives its connection URL. */
  createDatabase(): Promise<string>;
  stop(): Promise<void>;
}

/** Folder of the newest installed PostgreSQL's programs, or undefined. */
export function findPostgres(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => path.join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(path.delimiter),
  ];
  return folders.find((folder) => existsSync(path.join(folder, 'initdb')) && existsSync(path.join(folder, 'postgres')));
}

const serverSettings = [
  'fsync=off',
  'synchronous_commit=off',
  'full_page_writes=off',
  'shared_buffers=16MB',
  'max_connections=60',
];

/** Starts a cluster in a temporary folder. It ends with `stop`, and also when this process dies in any way. */
export async function startPostgres(programs: string): Promise<PostgresCluster> {
  const folder = await mkdtemp(path.join(tmpdir(), 'yingyun-pg-'));
  const data = path.join(folder, 'data');
  // The server refuses to run as root: there it runs as the package's own user.
  const asUser = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
  if (asUser.length > 0) {
    await chown(folder, idOf('-u'), idOf('-g'));
    await chmod(folder, 0o700);
  }
  const initdb = [
    ...asUser,
    path.join(programs, 'initdb'),
    '-D',
    data,
    '-U',
    'test',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ];
  execFileSync(initdb[0] ?? '', initdb.slice(1), {
    stdio: ['ignore', 'ignore', 'pipe'],
    cwd: tmpdir(),
    timeout: 60_000,
  });

  const postgres = [
    path.join(programs, 'postgres'),
    '-D',
    data,
    '-k',
    folder,
    '-c',
    'listen_addresses=',
    ...serverSettings.flatMap((one) => ['-c', one]),
  ];
  // The shell reads its input to the end: that comes when `stop` closes it, or when this process dies.
  const script = '"$@" >/dev/null 2>&1 & server=$!; cat >/dev/null; kill -INT $server; wait $server';
  const command = [...asUser, 'sh', '-c', script, 'sh', ...postgres];
  const keeper = spawn(command[0] ?? '', command.slice(1), { stdio: ['pipe', 'ignore', 'ignore'], cwd: tmpdir() });
  const urlOf = (name: string) => `postgres://test@/${name}?host=${encodeURIComponent(folder)}`;
  await untilReady(urlOf('postgres'), keeper);

  let count = 0;
  return {
    async createDatabase() {
      const name = `t${++count}`;
      const client = new Client({ connectionString: urlOf('postgres') });
      await client.connect();
      await client.query(`create database ${name} template template0`);
      await client.end();
      return urlOf(name);
    },
    async stop() {
      const ended = new Promise((resolve) => keeper.once('exit', resolve));
      keeper.stdin?.end();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
}

async function untilReady(url: string, keeper: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (keeper.exitCode !== null) break;
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50)); // not up yet
    }
  }
  throw new Error('PostgreSQL did not start');
}
