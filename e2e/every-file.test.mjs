// Every file of the real corpus, sent to a real server: what comes in, what is kept of it, and what is shown, file by file as
// every-file.table.tsv says. A file without a row, a row without a file, and any difference fail.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { comparePixels } from './support/compare-pixels.mjs';
import { corpus, rowOf, withOwnUid } from './support/corpus-sending.mjs';
import { testData } from './support/dicom-files.mjs';
import { startHospital, storescu } from './support/hospital.mjs';
import { readFrames } from './support/read-film.mjs';

const require = createRequire(import.meta.url);
const tableFile = path.join(import.meta.dirname, 'every-file.table.tsv');
const columns = ['file', 'in', 'kept', 'shown', 'pixels', 'why'];
const unsettled = ['received', 'spooled', 'acknowledged', 'indexed', 'transcoded', 'stored'];

describe.skipIf(testData === undefined)('every file of the corpus', () => {
  let hospital;
  const files = [];
  const actual = new Map();

  beforeAll(async () => {
    hospital = await startHospital();
    const sender = require('../cloudfunctions/dist/gateway/send/read-part10.js');
    const { storeFiles } = require('../cloudfunctions/dist/gateway/send/store-files.js');
    files.push(...(await prepare(sender)));
    const address = {
      host: '127.0.0.1',
      port: hospital.dicom,
      calledAeTitle: hospital.calledAeTitle,
      callingAeTitle: 'PUSH',
    };
    const sent = await storeFiles(
      { ...address, maxAssociations: 2 },
      files.map(({ name, bytes }) => ({ name, bytes })),
    );
    sent.files.forEach((outcome, i) => Object.assign(files[i], { outcome }));
    await settled(hospital);
    const journal = readJournal(hospital.folder);
    hospital.doctorToken = await hospital.signInDoctor();
    const listed = await readFilms(hospital);
    for (const file of files) await judge(hospital, file, journal, listed);
    for (const file of files) gather(actual, file);
    if (process.env.WRITE_TABLE) writeTable(actual);
  }, 420_000);
  afterAll(() => hospital?.stop());

  it('comes in, is kept, and is shown as the table says', () => {
    const table = readTable();
    expect(
      [...actual.keys()].filter((name) => !table.has(name)),
      'files without a row',
    ).toEqual([]);
    expect(
      [...table.keys()].filter((name) => !actual.has(name)),
      'rows without a file',
    ).toEqual([]);
    const [told, seen] = [[], []];
    for (const [name, row] of table) {
      const { why, ...rest } = row;
      told.push(rest);
      seen.push({ file: name, ...actual.get(name) });
      const isSeen = row.shown === 'as-stored' && /^=/.test(row.pixels);
      const isPlain = row.in === '0000' && (isSeen || /^(read|pdf)$/.test(row.pixels));
      expect(isPlain || why !== '', `${name} is an exception and needs a reason`).toBe(true);
    }
    expect(seen).toEqual(told);
  });

  it('has received the very bytes that were sent', () => {
    const received = files.filter((file) => file.acknowledged !== undefined);
    expect(
      received.filter((file) => file.acknowledged.receivedSm3 !== file.dataSetSm3).map(({ name }) => name),
    ).toEqual([]);
    expect(received.length).toBeGreaterThan(500);
  });

  it('says in Chinese why what has no picture has none', () => {
    const without = files.filter((file) => file.listing?.reason !== undefined);
    for (const { name, listing } of without) expect(listing.reason, name).toMatch(/[\u4e00-\u9fff]{6,}/);
    expect(without.length).toBeGreaterThan(40);
  });

  it('may come again from another sender, in its encoding, without a conflict', async () => {
    const natives = files.filter(
      ({ file, acknowledged, isChanged }) =>
        !isChanged &&
        /\.1\.2(\.1)?$/.test(acknowledged?.transferSyntaxUid ?? '') &&
        /\/(ct\/prior|mr\/single|ct\/philips|pt\/single)/.test(file),
    );
    expect(natives.length).toBeGreaterThan(15);
    await storescu(
      hospital,
      natives.map(({ file }) => file),
    );
    await settled(hospital);
    expect((await hospital.instances()).conflict ?? 0).toBe(0);
  }, 60_000);

  it('keeps other pixels under a known UID apart, for a person to decide, and goes on showing the first', async () => {
    const { storeFiles } = require('../cloudfunctions/dist/gateway/send/store-files.js');
    const isFirst = (uid) => files.some((file) => !file.isChanged && file.uid === uid && file.shown === 'as-stored');
    const lossy = files.find((file) => file.isChanged && file.shown === 'derived' && isFirst(file.read.sopInstanceUid));
    const address = { host: '127.0.0.1', port: hospital.dicom, calledAeTitle: hospital.calledAeTitle };
    const sent = await storeFiles({ ...address, callingAeTitle: 'PUSH' }, [lossy.file]);
    expect(sent.files[0]).toMatchObject({ outcome: 'sent' });
    await settled(hospital);
    expect((await hospital.instances()).conflict).toBe(1);
    const shown = (await readFilms(hospital)).get(sent.files[0].sopInstanceUid);
    expect(shown.frames[0].attributes.rendition).toBe('as-stored');
  }, 60_000);
});

async function prepare(sender) {
  const seen = new Set();
  const prepared = [];
  for (const { name, file } of corpus()) {
    const original = readFileSync(file);
    const read = await sender.readPart10({ name, bytes: original });
    prepared.push({ name, file, original, read, isDeflated: read.transferSyntaxUid === '1.2.840.10008.1.2.1.99' });
  }
  prepared.sort((a, b) => Number(b.isDeflated) - Number(a.isDeflated));
  return prepared.map(({ name, file, original, read }) => {
    if (read.sopInstanceUid === undefined) return { name, file, bytes: original };
    const { bytes, uid } = withOwnUid(original, read.sopInstanceUid, seen);
    seen.add(uid);
    const dataSet = bytes.subarray(read.dataSetOffset);
    return { name, file, bytes, uid, isChanged: bytes !== original, read, dataSetSm3: pieceSm3(dataSet) };
  });
}

async function settled(hospital) {
  await delay(2000); // what was just acknowledged stands in the journal first, and a moment later in the counts
  for (let i = 0; i < 900; i++) {
    const counts = await hospital.instances();
    if (unsettled.every((state) => (counts[state] ?? 0) === 0)) return;
    await delay(200);
  }
  throw new Error(`not settled: ${JSON.stringify(await hospital.instances())}`);
}

/** Acknowledgements and stored objects by SOP Instance UID, from the journal on disk: digests and UIDs only. */
function readJournal(folder) {
  const place = path.join(folder, 'journal');
  const entries = readdirSync(place)
    .filter((name) => name.endsWith('.log'))
    .sort()
    .flatMap((name) => readFileSync(path.join(place, name), 'utf8').split('\n').filter(Boolean))
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))));
  const of = (kind) =>
    new Map(entries.filter((entry) => entry.kind === kind).map((entry) => [entry.sopInstanceUid, entry]));
  return { acknowledged: of('instance-acknowledged'), stored: of('object-stored') };
}

/** Where each object stands in the films: its frames, or why it has none. */
async function readFilms(hospital) {
  const listed = new Map();
  let cursor;
  do {
    const page = (
      await hospital.call('POST', '/api/films/search', { limit: 100, ...(cursor ? { cursor } : {}) }, hospital.token)
    ).body;
    for (const { filmId } of page.films) {
      const manifest = (await hospital.call('GET', `/api/films/${filmId}`, undefined, hospital.doctorToken)).body;
      for (const series of manifest.series) {
        for (const one of series.withoutImage) listed.set(one.sopInstanceUid, { filmId, ...one });
        series.frames.forEach((frame, index) => {
          const attributes = { ...series.common, ...frame };
          const known = listed.get(attributes.sopInstanceUid) ?? { filmId, series, frames: [] };
          known.frames.push({ index, attributes });
          listed.set(attributes.sopInstanceUid, known);
        });
      }
    }
    cursor = page.nextCursor;
  } while (cursor);
  return listed;
}

const framesOfSeries = new WeakMap();

async function judge(hospital, file, journal, listed) {
  const { outcome } = file;
  if (outcome.outcome === 'refused')
    return Object.assign(file, refusedAs(outcome.status.toString(16).padStart(4, '0').toUpperCase()));
  if (outcome.outcome !== 'sent') return Object.assign(file, refusedAs('not-sendable'));
  file.acknowledged = journal.acknowledged.get(file.uid);
  const stored = journal.stored.get(file.uid);
  if (stored === undefined)
    return Object.assign(file, { in: '0000', kept: 'spool', shown: 'quarantined', pixels: '-' });
  const { encodeFileMeta } = require('../cloudfunctions/dist/gateway/receive/file-meta.js');
  const { sopClassUid, transferSyntaxUid } = file.acknowledged;
  const meta = encodeFileMeta({ sopClassUid, sopInstanceUid: file.uid, transferSyntaxUid, sourceAeTitle: 'PUSH' });
  const isBytes =
    stored.seal.plainSm3 === pieceSm3(Buffer.concat([meta, file.bytes.subarray(file.read.dataSetOffset)]));
  const listing = listed.get(file.uid);
  Object.assign(file, { in: '0000', kept: isBytes ? 'bytes' : 'recoded', listing, pixels: '-' });
  if (listing?.frames === undefined) {
    file.shown =
      listing === undefined ? 'missing' : listing.hasDocument ? `document ${listing.kind}` : `listed ${listing.kind}`;
    if (listing?.hasDocument) file.pixels = await readDocument(hospital, listing, file.uid);
    return file;
  }
  file.shown = listing.frames[0].attributes.rendition;
  let encoded = framesOfSeries.get(listing.series);
  if (encoded === undefined)
    framesOfSeries.set(listing.series, (encoded = readFrames(hospital, listing.filmId, listing.series)));
  const all = await encoded;
  file.pixels = await comparePixels(
    file,
    listing.frames.map(({ index, attributes }) => ({ attributes, bytes: all[index] })),
  );
  return file;
}

function refusedAs(code) {
  return { in: code, kept: '-', shown: 'refused', pixels: '-' };
}

async function readDocument(hospital, { filmId, kind }, uid) {
  const answer = await hospital.call('GET', `/api/films/${filmId}/documents/${uid}`, undefined, hospital.doctorToken);
  if (answer.status !== 200) return `http ${answer.status}`;
  if (kind === 'pdf') return answer.bytes.subarray(0, 5).toString() === '%PDF-' ? 'pdf' : 'no pdf';
  return answer.body.content.length > 0 ? 'read' : 'empty';
}

/** One row a file; one a series where all its files fare alike. */
function gather(rows, file) {
  const name = rowOf(file.name);
  const row = { in: file.in, kept: file.kept, shown: file.shown, pixels: file.pixels };
  const known = rows.get(name);
  if (known === undefined) rows.set(name, row);
  else
    for (const column of Object.keys(row))
      if (!known[column].split(' | ').includes(row[column])) known[column] += ` | ${row[column]}`;
}

function readTable() {
  const lines = readFileSync(tableFile, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.slice(1).map((line) => {
      const cells = line.split('\t');
      return [cells[0], Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? '']))];
    }),
  );
}

function writeTable(actual) {
  let known = new Map();
  try {
    known = readTable();
  } catch {
    // the first time there is none
  }
  const rows = [...actual].sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = rows.map(([name, row]) =>
    [name, row.in, row.kept, row.shown, row.pixels, known.get(name)?.why ?? ''].join('\t'),
  );
  writeFileSync(tableFile, `${[columns.join('\t'), ...lines].join('\n')}\n`);
}

/** As the journal says it of what was received and of what is stored: SM3 over the SM3 of each 64 KiB. */
function pieceSm3(bytes) {
  const digest = createHash('sm3');
  for (let at = 0; at < bytes.length; at += 65_536)
    digest.update(
      createHash('sm3')
        .update(bytes.subarray(at, at + 65_536))
        .digest(),
    );
  return digest.digest('hex');
}
