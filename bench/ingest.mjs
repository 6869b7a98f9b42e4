// C-STORE ingest from dcmtk's storescu at 1, 2 and 4 associations: ours beside Orthanc plain and compressed, every server fresh for each row.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startOrthanc, startOurs } from '../e2e/support/server-process.mjs';
import { refuse } from '../tools/ensure-installed.mjs';

export async function bench() {
  const folder = process.env.YINGYUN_LIDC;
  if (folder === undefined) refuse('ingest 需要真实 CT：请设置 YINGYUN_TESTDATA。');
  const files = filesOf(folder, /\.dcm$/);
  const warmUp = filesOf(path.join(process.env.YINGYUN_TESTDATA ?? '', 'dicom/mr/bch-brain-mprage'), /^\d+$/);
  const rows = [];
  for (const associations of [1, 2, 4]) {
    const ours = await measure(() => startOurs(), warmUp, files, associations, true);
    const plain = await measure(() => startOrthanc({ compressed: false }), warmUp, files, associations, false);
    const compressed = await measure(() => startOrthanc({ compressed: true }), warmUp, files, associations, false);
    const times = associations === 1 ? 1 : undefined; // two cores: at 2 and 4 associations "as near as they allow" (design §9)
    rows.push(
      {
        name: `acknowledged images/s, ${associations} associations`,
        unit: 'images/s',
        better: 'higher',
        ours: ours.acknowledged,
        peerName: 'Orthanc plain',
        peer: plain.acknowledged,
        ...(times === undefined ? {} : { budget: plain.acknowledged }),
      },
      {
        name: `stored images/s, ${associations} associations`,
        unit: 'images/s',
        better: 'higher',
        ours: ours.stored,
        peerName: 'Orthanc StorageCompression',
        peer: compressed.acknowledged,
        budget: 2 * compressed.acknowledged,
      },
      {
        name: `CPU to acknowledge, ${associations} associations`,
        unit: 'ms/image',
        better: 'lower',
        ours: ours.acknowledgedCpuMs,
        peerName: 'Orthanc plain',
        peer: plain.acknowledgedCpuMs,
      },
      {
        name: `CPU to store, ${associations} associations`,
        unit: 'ms/image',
        better: 'lower',
        ours: ours.storedCpuMs,
        peerName: 'Orthanc StorageCompression',
        peer: compressed.acknowledgedCpuMs,
      },
      {
        name: `peak memory, ${associations} associations`,
        unit: 'MB',
        better: 'lower',
        ours: ours.peakMb,
        peerName: 'Orthanc plain',
        peer: plain.peakMb,
      },
    );
  }
  return rows;
}

function filesOf(folder, names) {
  return readdirSync(folder)
    .filter((name) => names.test(name))
    .map((name) => path.join(folder, name));
}

/** A gateway runs for weeks: every server takes another study first, so that neither start-up nor the first run of any code is measured. */
async function measure(start, warmUp, files, associations, isOurs) {
  const server = await start();
  const untilVerified = async (count) => {
    const began = performance.now();
    while (isOurs) {
      const { verified = 0 } = await server.instances();
      if (verified >= count) return;
      if (performance.now() - began > 300_000) throw new Error(`not all verified: ${verified} of ${count}`);
      // A question costs the server 6 CPU ms, a fifth of an image: seldom asked while many are left, often towards the end.
      await delay(count - verified < 40 ? 50 : 250);
    }
  };
  try {
    await push(server, warmUp);
    await untilVerified(warmUp.length);
    await delay(1500);
    const cpuBefore = server.cpuSeconds();
    const began = performance.now();
    await Promise.all(
      Array.from({ length: associations }, (_, k) =>
        push(
          server,
          files.filter((_file, i) => i % associations === k),
        ),
      ),
    );
    const acknowledgedSeconds = (performance.now() - began) / 1000;
    const acknowledgedCpu = server.cpuSeconds() - cpuBefore;
    await untilVerified(warmUp.length + files.length);
    const storedSeconds = (performance.now() - began) / 1000;
    return {
      acknowledged: files.length / acknowledgedSeconds,
      stored: files.length / storedSeconds,
      acknowledgedCpuMs: (acknowledgedCpu / files.length) * 1000,
      storedCpuMs: ((server.cpuSeconds() - cpuBefore) / files.length) * 1000,
      peakMb: server.peakMb(),
    };
  } finally {
    await server.stop();
  }
}

function push(server, files) {
  return new Promise((resolve, reject) => {
    const child = spawn(
      'storescu',
      ['-aec', server.calledAeTitle, '-aet', 'BENCH', '127.0.0.1', String(server.dicom), ...files],
      { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, TCP_NODELAY: '1' } },
    );
    let errors = '';
    child.stderr.on('data', (chunk) => (errors += chunk));
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`storescu: ${errors.slice(0, 500)}`))));
  });
}
