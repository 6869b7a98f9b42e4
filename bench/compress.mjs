// Lossless ratio of the archive over the real corpus, a row a modality: pixels against code streams, and whole files against sealed objects, every image
// decoded and compared on the way (the archive step refuses a stream that does not round-trip). Peer: zlib level 6, Orthanc's StorageCompression.
import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { refuse } from '../tools/ensure-installed.mjs';

const require = createRequire(import.meta.url);
const losslessSources = new Set([
  '1.2.840.10008.1.2',
  '1.2.840.10008.1.2.1',
  '1.2.840.10008.1.2.2',
  '1.2.840.10008.1.2.1.99',
  '1.2.840.10008.1.2.5',
]);
const folders = ['ct', 'mr', 'cr-dx', 'mg', 'us', 'xa', 'rf', 'nm', 'pt'];

export async function bench() {
  const data = process.env.YINGYUN_TESTDATA;
  if (data === undefined) refuse('compress 需要真实影像：请设置 YINGYUN_TESTDATA。');
  const { createTranscoderTasks } = require('../cloudfunctions/dist/adapters/transcoder/transcoder-tasks.js');
  const tasks = createTranscoderTasks();
  const totals = new Map();
  for (const file of [
    ...filesBelow(process.env.YINGYUN_LIDC),
    ...folders.flatMap((folder) => filesBelow(path.join(data, 'dicom', folder))),
  ]) {
    const bytes = readFileSync(file);
    const syntax = transferSyntaxOf(bytes);
    if (!losslessSources.has(syntax) || file.includes('_UNCI') || file.includes('_J2KI')) continue; // lossy or already compressed files say nothing about a ratio
    const key = { keyId: randomUUID(), bytes: randomBytes(32) };
    const archived = await tasks.archive({
      source: { plain: new Uint8Array(bytes) },
      expectedUids: undefined,
      target: { key, context: { tenantId: 'bench', objectKey: 'bench', objectClass: 'dicom', generation: 1 } },
      text: { assumeChinese: true },
    });
    if ('problem' in archived || archived.view.frames.length === 0) continue;
    const { rows, columns, samplesPerPixel, bitsAllocated } = archived.view.common;
    const { modality } = archived.identity.series;
    const total = totals.get(modality) ?? emptyTotal();
    total.objects += 1;
    total.native += rows * columns * samplesPerPixel * (bitsAllocated / 8) * archived.view.frames.length;
    total.frames += archived.view.frames.reduce((sum, frame) => sum + frame.bands.at(-1), 0);
    total.received += bytes.length;
    total.stored += archived.receipt.cipherLength;
    total.zlib += deflateSync(bytes, { level: 6 }).length;
    totals.set(modality, total);
  }
  const overall = emptyTotal();
  for (const total of totals.values()) for (const field of Object.keys(overall)) overall[field] += total[field];
  const named = [...totals].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    ...named.map(([modality, total]) => pixelRow(modality, total)),
    { ...pixelRow('overall', overall), budget: 2.5 },
    ...named.map(([modality, total]) => restRow(modality, total)),
    { ...restRow('overall', overall), budget: 2 },
  ];
}

const emptyTotal = () => ({ objects: 0, native: 0, frames: 0, received: 0, stored: 0, zlib: 0 });

/** Pixel bytes as the modality made them against the code streams. */
function pixelRow(name, total) {
  return {
    name: `pixels, ${name} (${total.objects} objects)`,
    unit: ': 1',
    better: 'higher',
    ours: total.native / total.frames,
  };
}

/** Whole files as received against sealed objects at rest: headers, seals and all. */
function restRow(name, total) {
  return {
    name: `at rest, ${name}`,
    unit: ': 1',
    better: 'higher',
    ours: total.received / total.stored,
    peerName: 'zlib 6 (Orthanc StorageCompression)',
    peer: total.received / total.zlib,
  };
}

function filesBelow(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.xz'))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

/** (0002,0010) of a Part 10 file; '' where it has none. */
function transferSyntaxOf(bytes) {
  const at = bytes.subarray(0, 2000).indexOf(Buffer.from([2, 0, 0x10, 0, 0x55, 0x49]));
  return at < 0 ? '' : bytes.toString('latin1', at + 8, at + 8 + bytes.readUInt16LE(at + 6)).replace(/\0$/, '');
}
