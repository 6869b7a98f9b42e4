import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../tools/ensure-installed.mjs';

/** Replaces this bench's section of bench/RESULTS.md: the command, the machine, the commit, the figures. */
export function saveResults({ bench, rows }) {
  const file = path.join(root, 'bench/RESULTS.md');
  const before = existsSync(file)
    ? readFileSync(file, 'utf8')
    : '# Bench results\n\nEach section is the last run of the command in its title, ours and the peer in one run on one machine.\n';
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const number = (value) => (value === undefined ? '–' : Math.round(value * 100) / 100);
  const section = [
    `## \`npm run bench -- ${bench}\``,
    '',
    `${new Date().toISOString().slice(0, 10)}, commit ${commit}, ${os.cpus().length} cores, ${os.cpus()[0]?.model ?? ''}, Node ${process.versions.node}`,
    '',
    '| row | unit | ours | peer | peer value | budget | met |',
    '|---|---|---|---|---|---|---|',
    ...rows.map(
      (row) =>
        `| ${row.name} | ${row.unit} | ${number(row.ours)} | ${row.peerName ?? '–'} | ${number(row.peer)} | ${number(row.budget)} | ${row.budget === undefined ? '–' : row.ok ? 'yes' : 'no'} |`,
    ),
    '',
  ].join('\n');
  const sections = before.split(/^(?=## )/m).filter((text) => !text.startsWith(`## \`npm run bench -- ${bench}\``));
  writeFileSync(file, `${sections.join('').trimEnd()}\n\n${section}`);
}
