// The gallery's one page: groups, rows by caption, a picture a width; faults first.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Of every walk's `…-shots.json` in the folder: a list of `{ group, caption, width, file, faults }`. */
export function writePage(folder) {
  const shots = readdirSync(folder)
    .filter((name) => name.endsWith('-shots.json'))
    .flatMap((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
  const groups = groupBy(shots, ({ group }) => group);
  const faulty = shots.filter(({ faults }) => faults.length > 0);
  const sections = [...groups].map(([group, taken]) => {
    const rows = [...groupBy(taken, ({ caption }) => caption)].map(
      ([caption, row]) => `<h3>${escape(caption)}</h3><div class="row">${row.map(figure).join('')}</div>`,
    );
    return `<section id="${escape(group)}"><h2>${escape(group)}</h2>${rows.join('\n')}</section>`;
  });
  const list = faulty.map(
    ({ group, caption, width, faults }) =>
      `<li>${escape(`${group} · ${caption} · ${width}：${faults.join('；')}`)}</li>`,
  );
  writeFileSync(
    path.join(folder, 'index.html'),
    `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>影云截图集</title><style>${style}</style>
<h1>影云截图集</h1><p>${shots.length} 张，${faulty.length} 张有问题。</p>
<nav>${[...groups.keys()].map((group) => `<a href="#${escape(group)}">${escape(group)}</a>`).join('')}</nav>
<ul class="bad">${list.join('')}</ul>
${sections.join('\n')}</html>\n`,
  );
}

const style = `body{margin:24px;font:15px/1.6 "Noto Sans CJK SC","PingFang SC",sans-serif;background:#f4f5f7;color:#1b1f24}
nav a{margin-right:16px}h3{margin:24px 0 8px}.row{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}
figure{margin:0}figure img{display:block;max-width:min(100%,720px);max-height:640px;border:1px solid #c8ccd2}
figcaption{color:#56606b}.bad,.bad figcaption{color:#b3261e}.bad img{border:3px solid #b3261e}`;

function figure({ width, caption, file, faults }) {
  const words = [`${width}`, ...faults].join('；');
  const picture =
    file === null ? '' : `<a href="${file}"><img loading="lazy" src="${file}" alt="${escape(caption)}"></a>`;
  return `<figure class="${faults.length > 0 ? 'bad' : ''}">${picture}<figcaption>${escape(words)}</figcaption></figure>`;
}

function groupBy(list, keyOf) {
  const groups = new Map();
  for (const one of list) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

function escape(text) {
  return text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);
}
