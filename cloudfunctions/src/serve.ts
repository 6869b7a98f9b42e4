import { appendFileSync, mkdirSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import * as path from 'node:path';
import { lockDataFolder } from './adapters/files/lock-data-folder';
import { startServer } from './compose';
import { readSettings, type Settings, SettingsFault } from './config/settings';
import { presentDemo } from './demo/present-demo';

const minimumFreeBytes = 2 * (1 << 30);
const demoHospital = { id: 'demo', code: 'DEMO', name: '影云示范医院' };

export interface ServeInput {
  readonly argv: readonly string[];
  readonly env: Record<string, string | undefined>;
}

/** The server process: says clearly what is wrong where it can't start (no stack trace for an expected fault), stops in order on a signal. */
export async function serve({ argv, env }: ServeInput): Promise<void> {
  const print = (line: string) => process.stdout.write(`${line}\n`);
  const settings = settingsOrExit(env);
  prepareFolder(settings);
  for (const port of [settings.httpPort, settings.dicomPort, settings.mllpPort]) await requireFreePort(port, settings);
  const lock = await lockDataFolder(settings.dataFolder).catch((cause) =>
    exitWith(cause instanceof Error ? cause.message : String(cause)),
  );
  const logFile = path.join(settings.dataFolder, 'server.log');
  const running = await startServer({
    settings,
    hospital: demoHospital,
    h5Folder: path.resolve(__dirname, '../../h5/dist'),
    writeLog: (line) => appendFileSync(logFile, `${line}\n`),
  }).catch((cause: unknown) => exitWith(startFault(cause, settings), cause));

  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    print('正在停止：等待已接收的影像处理完毕…');
    await running.stop();
    await lock.release();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());

  if (settings.profile === 'demo') await presentDemo({ running, settings, argv, print, tenantId: demoHospital.id });
}

function settingsOrExit(env: Record<string, string | undefined>): Settings {
  try {
    return readSettings(env);
  } catch (fault) {
    if (fault instanceof SettingsFault) exitWith(`设置有误：\n${fault.faults.map((line) => `  · ${line}`).join('\n')}`);
    throw fault;
  }
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
    probe.once('error', (cause) => exitWith(startFault(cause, settings)));
    probe.listen({ port, host: settings.host }, () => probe.close(() => resolve()));
  });
}

/** Chinese words for the faults a person can mend; anything else is a bug and shows its message. */
function startFault(cause: unknown, settings: Settings): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  if (code === 'EADDRINUSE') {
    const port = cause instanceof Error && 'port' in cause ? String(cause.port) : '';
    const variable =
      {
        [settings.httpPort]: 'YINGYUN_HTTP',
        [settings.dicomPort]: 'YINGYUN_DICOM',
        [settings.mllpPort]: 'YINGYUN_MLLP',
      }[port] ?? 'YINGYUN_HTTP / YINGYUN_DICOM / YINGYUN_MLLP';
    return `端口 ${port} 已被占用。请关闭占用它的程序，或用 ${variable} 指定其他端口。`;
  }
  if (code === 'EACCES') return '没有权限监听端口或读写数据目录。';
  if (code === 'ENOSPC') return '磁盘空间不足，无法启动。';
  if (code === 'ECONNREFUSED') return '无法连接数据库，请检查 YINGYUN_DATABASE_URL。';
  return `启动失败：${cause instanceof Error ? cause.message : String(cause)}`;
}

function exitWith(message: string, cause?: unknown): never {
  process.stderr.write(`\n✗ ${message}\n`);
  if (cause instanceof Error && !('code' in cause)) process.stderr.write(`${cause.stack ?? ''}\n`);
  process.exit(1);
}
