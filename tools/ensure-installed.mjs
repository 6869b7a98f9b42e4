// Makes a fresh clone ready: right Node version, npm packages of the lockfile, and (for tests) the Debian packages of the real peers.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// By its URL: an older Node, which knows no folder of a module, must live to be told so.
export const root = path.resolve(fileURLToPath(new URL('..', import.meta.url)));

/** Ends the process with one clear line instead of a stack trace. */
export function refuse(message) {
  process.stderr.write(`\n✗ ${message}\n`);
  process.exit(1);
}

export function requireNode20() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major !== 20 || minor < 19) {
    refuse(`需要 Node.js 20.19 或更高的 20.x 版本，当前是 ${process.versions.node}。（Node.js 20.19+ is required.）`);
  }
}

/** `npm ci` where node_modules is missing or belongs to another lockfile. */
export function ensureNpmPackages() {
  const stamp = path.join(root, 'node_modules', '.yingyun-lock');
  const wanted = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stdout.write('正在安装依赖（首次约 1 分钟）…\n');
  const result = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (result.status !== 0) refuse('依赖安装失败：请检查网络或 npm 镜像设置后重试。');
  writeFileSync(stamp, wanted);
}

const debianPackages = {
  storescu: 'dcmtk',
  Orthanc: 'orthanc',
  chromium: 'chromium',
  opj_decompress: 'libopenjp2-tools',
  gdcmconv: 'libgdcm-tools',
  zbarimg: 'zbar-tools',
  convert: 'imagemagick',
  openssl: 'openssl',
  xz: 'xz-utils',
};

function isInstalled(command) {
  return spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore' }).status === 0;
}

/** The independent peers that tests and benches compare with, from Debian. Elsewhere: says what to install and goes on. */
export function ensureDebianPackages() {
  const missing = Object.entries(debianPackages)
    .filter(([command]) => !isInstalled(command))
    .map(([, name]) => name);
  if (!existsSync('/usr/share/orthanc/plugins/libOrthancDicomWeb.so')) missing.push('orthanc-dicomweb');
  if (
    !existsSync('/usr/lib/postgresql') ||
    spawnSync('sh', ['-c', 'ls /usr/lib/postgresql/*/bin/initdb'], { stdio: 'ignore' }).status !== 0
  ) {
    missing.push('postgresql');
  }
  if (
    spawnSync('sh', ['-c', 'ls /usr/share/fonts/opentype/noto/NotoSansCJK* /usr/share/fonts/truetype/wqy/*'], {
      encoding: 'utf8',
    }).stdout === ''
  ) {
    missing.push('fonts-noto-cjk');
  }
  if (missing.length === 0) return;
  if (!isInstalled('apt-get') || process.getuid?.() !== 0) {
    process.stdout.write(
      `缺少测试用的系统软件：${missing.join(' ')}。请先安装（Debian：apt-get install ${missing.join(' ')}）。\n`,
    );
    return;
  }
  process.stdout.write(`正在安装测试用的系统软件：${missing.join(' ')}…\n`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['update', '-qq'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** The real CT ships packed: unpacked once into .cache, where tests and benches find it by YINGYUN_LIDC. */
export function ensureLidc() {
  const data = process.env.YINGYUN_TESTDATA;
  if (data === undefined) return;
  const folder = path.join(root, '.cache', 'lidc-idri-0314-chest-1mm');
  if (!existsSync(folder)) {
    // unpacked beside and renamed, so that nobody ever sees half of it
    mkdirSync(path.dirname(folder), { recursive: true });
    const beside = mkdtempSync(`${folder}-`);
    const archive = path.join(data, 'dicom/ct/lidc-idri-0314-chest-1mm.tar.xz');
    execFileSync('tar', ['xJf', archive, '-C', beside, '--strip-components=1']);
    renameSync(beside, folder);
  }
  process.env.YINGYUN_LIDC = folder;
}
