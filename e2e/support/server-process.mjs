// Starts a server under test as its own process, on free ports and a fresh data folder, and measures its CPU and memory from /proc.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../../tools/ensure-installed.mjs';

export async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilListening(port, child, seconds = 60) {
  for (let i = 0; i < seconds * 10; i++) {
    if (child.exitCode !== null) throw new Error(`server ended early with ${child.exitCode}`);
    const isOpen = await new Promise((resolve) => {
      const socket = net.connect({ host: '127.0.0.1', port }, () => resolve(true));
      socket.once('error', () => resolve(false)).once('connect', () => socket.destroy());
    });
    if (isOpen) return;
    await delay(100);
  }
  throw new Error(`nothing listens on ${port}`);
}

function running(child, folder, ports, isFolderOurs = true) {
  const clockTicks = 100; // sysconf(_SC_CLK_TCK) on every Linux we run on
  return {
    ...ports,
    folder,
    /** CPU seconds of all threads so far. */
    cpuSeconds() {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1].split(' ');
      return (Number(fields[11]) + Number(fields[12])) / clockTicks;
    },
    peakMb() {
      return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))[1]) / 1024;
    },
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) {
        await Promise.race([
          new Promise((resolve) => child.once('exit', resolve)),
          delay(15_000).then(() => child.kill('SIGKILL')),
        ]);
      }
      if (isFolderOurs) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Our server, without demo data unless asked for. `output()` is what it has printed. */
export async function startOurs({ demo = false, env = {}, dataFolder } = {}) {
  const folder = dataFolder ?? mkdtempSync(path.join(os.tmpdir(), 'yingyun-bench-'));
  const [http, dicom, mllp] = [await freePort(), await freePort(), await freePort()];
  const child = spawn(process.execPath, [path.join(root, 'cloudfunctions/serve.mjs'), ...(demo ? [] : ['--empty'])], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      YINGYUN_DATA: folder,
      YINGYUN_HTTP: String(http),
      YINGYUN_DICOM: String(dicom),
      YINGYUN_MLLP: String(mllp),
      // A test waits for the report it sends; the demo would show the film after a minute all the same.
      YINGYUN_UNREPORTED_MINUTES: 'never',
      ...env,
    },
  });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  child.stderr.on('data', (chunk) => (printed += chunk));
  await untilListening(env.YINGYUN_DICOM === 'off' ? mllp : dicom, child).catch((cause) => {
    throw new Error(`${cause.message}\n${printed}`);
  });
  await untilListening(http, child);
  return {
    ...running(child, folder, { http, dicom, mllp, calledAeTitle: 'YINGYUN' }, dataFolder === undefined),
    child,
    /** kill -9, and wait until it is gone. */
    async kill() {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null)
        await new Promise((resolve) => child.once('exit', resolve));
    },
    output: () => printed,
    /** Instances by state, from /metrics. */
    async instances() {
      const text = await getText(http, '/metrics');
      return Object.fromEntries(
        [...text.matchAll(/yingyun_instances\{state="(\w+)"\} (\d+)/g)].map(([, state, count]) => [
          state,
          Number(count),
        ]),
      );
    },
  };
}

function getText(port, pathname) {
  return new Promise((resolve, reject) => {
    https
      .get({ host: '127.0.0.1', port, path: pathname, rejectUnauthorized: false }, (response) => {
        let text = '';
        response
          .setEncoding('utf8')
          .on('data', (chunk) => (text += chunk))
          .on('end', () => resolve(text));
      })
      .on('error', reject);
  });
}

/** Debian's Orthanc with synchronous storage; `compressed` switches StorageCompression (zlib) on. */
export async function startOrthanc({ compressed, plugins = [] }) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'orthanc-bench-'));
  const [http, dicom] = [await freePort(), await freePort()];
  const config = path.join(folder, 'orthanc.json');
  writeFileSync(
    config,
    JSON.stringify({
      Name: 'Orthanc',
      StorageDirectory: folder,
      IndexDirectory: folder,
      StorageCompression: compressed,
      SyncStorageArea: true,
      HttpPort: http,
      DicomPort: dicom,
      DicomAet: 'ORTHANC',
      RemoteAccessAllowed: false,
      AuthenticationEnabled: false,
      DicomCheckCalledAet: false,
      DicomAlwaysAllowStore: true,
      OverwriteInstances: false,
      HttpThreadsCount: 50,
      StorageAccessOnFind: 'Never',
      Plugins: plugins,
      DicomWeb: { Enable: true, Root: '/dicom-web/' },
    }),
  );
  const child = spawn('Orthanc', [config], { stdio: 'ignore', env: { ...process.env, TCP_NODELAY: '1' } });
  await untilListening(dicom, child);
  return running(child, folder, { http, dicom, calledAeTitle: 'ORTHANC' });
}
