import { mkdirSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import * as path from 'node:path';
import { lockDataFolder } from './adapters/files/lock-data-folder';
import { openLogFile } from './adapters/log/log-file';
import { startServer } from './compose';
import { readSettings, type Settings, SettingsFault } from './config/settings';
import { presentDemo } from './demo/present-demo';
import { listenFault, type StartFault, startFault } from './start-fault';

const minimumFreeBytes = 2 * (1 << 30);
/** One process serves one hospital; what it is called is a setting. */
const hospitalId = 'demo';

export interface ServeInput {
  readonly argv: readonly string[];
  readonly env: Record<string, string | undefined>;
}

/** The server process: says clearly what is wrong where it can't start (no stack trace for an expected fault), stops in order on a signal. */
export async function serve({ argv, env }: ServeInput): Promise<void> {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  process.umask(0o077); // whatever we or a library write is for this account only
  const settings = settingsOrExit(env);
  prepareFolder(settings);
  for (const port of portsOf(settings)) await requireFreePort(port, settings);
  const lock = await lockDataFolder(settings.dataFolder).catch((cause) =>
    exitWith(cause instanceof Error ? cause.message : String(cause)),
  );
  const logFile = openLogFile(path.join(settings.dataFolder, 'server.log'));
  const running = await startServer({
    settings,
    hospital: { id: hospitalId, code: 'DEMO', name: settings.hospitalName },
    h5Folder: path.resolve(__dirname, '../../h5/dist'),
    patientFolder: path.resolve(__dirname, '../../miniprogram/dist/h5'),
    writeLog: logFile.write,
    print,
  }).catch((cause: unknown) => exitFor(startFault(cause, settings), cause));

  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    print('正在停止：等待已接收的影像处理完毕…');
    await running.stop();
    logFile.close();
    await lock.release();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());

  if (settings.profile === 'demo') await presentDemo({ running, settings, argv, print, tenantId: hospitalId });
}

function settingsOrExit(env: Record<string, string | undefined>): Settings {
  try {
    return readSettings(env);
  } catch (fault) {
    if (fault instanceof SettingsFault) exitWith(`设置有误：\n${fault.faults.map((line) => `  · ${line}`).join('\n')}`);
    throw fault;
  }
}

function portsOf({ httpPort, dicomPort, mllpPort, dicomTls }: Settings): number[] {
  return [
    httpPort,
    ...(dicomPort === null ? [] : [dicomPort]),
    mllpPort,
    ...(dicomTls === undefined ? [] : [dicomTls.port]),
  ];
}

function prepareFolder(settings: Settings): void {
  try {
    mkdirSync(settings.dataFolder, { recursive: true, mode: 0o700 });
    const { bavail, bsize } = statfsSync(settings.dataFolder);
    const free = bavail * bsize;
    if (free < minimumFreeBytes)
      exitWith(
        `磁盘空间不足：数据目录 ${settings.dataFolder} 所在磁盘只剩 ${(free / 1e9).toFixed(1)} GB，至少需要 2 GB。`,
      );
  } catch (cause) {
    exitWith(`无法使用数据目录 ${settings.dataFolder}：${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** Asked before the slow part of the start, so that the commonest fault is told at once. */
function requireFreePort(port: number, settings: Settings): Promise<void> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (cause) => exitFor(listenFault(cause, settings), cause));
    probe.listen({ port, host: settings.host }, () => probe.close(() => resolve()));
  });
}

function exitFor({ message, isBug }: StartFault, cause: unknown): never {
  if (isBug && cause instanceof Error) process.stderr.write(`${cause.stack ?? ''}\n`);
  return exitWith(message);
}

function exitWith(message: string): never {
  process.stderr.write(`\n✗ ${message}\n`);
  process.exit(1);
}
