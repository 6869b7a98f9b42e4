// `npm run bench -- NAME [--save]`: ours and the peer side by side in one run; a table, and one JSON object as the last line.
import path from 'node:path';
import { buildAll } from '../tools/build.mjs';
import {
  ensureDebianPackages,
  ensureLidc,
  ensureNpmPackages,
  refuse,
  requireNode20,
  root,
} from '../tools/ensure-installed.mjs';
import { saveResults } from './save-results.mjs';

const benches = ['ingest', 'first-view', 'volume', 'compress'];
const name = process.argv[2];
if (!benches.includes(name)) refuse(`用法：npm run bench -- ${benches.join('｜')}`);

requireNode20();
ensureNpmPackages();
ensureDebianPackages();
ensureLidc();
buildAll();
const { bench } = await import(path.join(root, 'bench', `${name}.mjs`));
const rows = (await bench()).map((row) => ({ ...row, ok: isWithinBudget(row) }));
printTable(rows);
const result = { bench: name, rows, ok: rows.every((row) => row.ok) };
if (process.argv.includes('--save')) saveResults(result);
process.stdout.write(`${JSON.stringify(result)}\n`);
process.exit(0);

/** A row with a budget is held to it; without one it only informs. */
function isWithinBudget({ better, ours, budget }) {
  if (budget === undefined) return true;
  return better === 'lower' ? ours <= budget : ours >= budget;
}

function printTable(table) {
  const cell = (value) =>
    value === undefined ? '–' : typeof value === 'number' ? String(Math.round(value * 100) / 100) : value;
  const lines = table.map((row) => [
    row.name,
    row.unit,
    cell(row.ours),
    row.peerName ?? '–',
    cell(row.peer),
    cell(row.budget),
    row.budget === undefined ? '' : row.ok ? '✓' : '✗',
  ]);
  const all = [['row', 'unit', 'ours', 'peer', 'peer value', 'budget', ''], ...lines];
  const widths = all[0].map((_, column) => Math.max(...all.map((line) => line[column].length)));
  for (const line of all)
    process.stdout.write(`${line.map((text, column) => text.padEnd(widths[column])).join('  ')}\n`);
}
