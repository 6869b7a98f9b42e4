// A patient's way through the real compiled mini-program, against the real server: sign in with a code from a text message, bind to the
// hospital's record, read report and images, scroll, window and pinch with fingers, share, revoke, lose the line, sign out.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { nativePixels } from './support/dicom-files.mjs';
import { oru, sendMllp } from './support/hl7-client.mjs';
import { dicomValue, startHospital, storescu } from './support/hospital.mjs';
import { compiledWeapp, weappApi } from './support/weapp-build.mjs';
import { checkWithWcc } from './weapp-host/check-with-wcc.mjs';
import { openWeapp } from './weapp-host/open-weapp.mjs';
import { readProgram } from './weapp-host/read-program.mjs';

const shots = path.join(import.meta.dirname, 'screenshots');
const lidc = process.env.YINGYUN_LIDC;
const patient = { name: '测试', idNumber: '11010519491231002X', phone: '13800138000' }; // the ID number is GB 11643's own example

describe.skipIf(lidc === undefined)('the patient story on weapp', { timeout: 120_000 }, () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'yingyun-weapp-story-'));
  let hospital;
  let app;
  let friend;
  let files;
  let share;
  let codes = 0;

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    hospital = await startHospital();
    files = readdirSync(lidc)
      .filter((name) => name.endsWith('.dcm'))
      .map((name) => path.join(lidc, name));
    await storescu(hospital, files);
    const report = {
      studyInstanceUid: dicomValue(files[0], '0020,000d'),
      patientId: dicomValue(files[0], '0010,0020'),
      findings: '两肺野清晰，未见实变。',
      impression: '胸部 CT 平扫未见明确异常。',
    };
    expect(await sendMllp(hospital.mllp, oru({ ...report, ...patient, controlId: 'S1' }))).toContain('MSA|AA|S1');
    await hospital.publishedFilm();
    const dist = compiledWeapp(path.join(work, 'dist'));
    app = await openWeapp({ dist, apiDomain: weappApi, apiOrigin: hospital.origin });
  }, 240_000);
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await app.screenshot(path.join(shots, 'weapp-failed.png'));
  });
  afterAll(async () => {
    await friend?.close();
    await app?.close();
    await hospital?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  it('is a mini-program that WeChat accepts: package sizes, templates and styles by wcc and wcsc', () => {
    const { packages } = readProgram(path.join(work, 'dist'));
    expect(packages[0].bytes).toBeLessThan(1024 * 1024);
    expect(checkWithWcc(path.join(work, 'dist'))).toEqual([]);
  });

  it('signs in with the code of a text message', async () => {
    await app.waitForPage('pages/sign-in/index');
    await shot('sign-in');
    await app.type('11 位手机号', patient.phone);
    await app.tap('获取验证码');
    await app.type('6 位数字', '000000');
    const code = await textMessageCode();
    await app.tap('登录');
    await app.waitForText(/验证码不正确或已/);
    await app.type('6 位数字', code);
    await app.tap('登录');
    await app.waitForPage('pages/films/index');
  });

  it("binds to the hospital's record with name, ID number and a code to the phone in that record", async () => {
    await app.tap('去绑定');
    await app.waitForPage('subpackages/link/link/index');
    await app.type('与就诊时登记的一致', patient.name);
    await app.type('18 位身份证号', patient.idNumber);
    await shot('link');
    await app.tap('下一步');
    await app.type('6 位数字', await textMessageCode());
    await app.tap('完成绑定');
    await app.waitForText('绑定成功');
    await app.tap('查看影像');
    await app.waitForText('211 幅图像');
    await shot('films');
  });

  it('opens the film: report and images on one screen, the image as dcmtk draws it', async () => {
    await app.tap('211 幅图像');
    await app.waitForPage('subpackages/film/film/index');
    await app.waitForText('胸部 CT 平扫未见明确异常。');
    await sharp();
    expect(await counter()).toBe(106);
    await shot('film');
    expect(app.packages()).toContain('subpackages/film/');
    expect(await app.likeness('.stage', await drawnByDcmtk(106))).toBeGreaterThan(0.98);
    expect(await app.likeness('.stage', await drawnByDcmtk(60))).toBeLessThan(0.95);
  });

  it('turns pages with one finger, and draws the page it says', async () => {
    await app.touch('.stage-touch', [
      [195, 200],
      [195, 80],
    ]);
    await sharp();
    const at = await counter();
    expect(at).not.toBe(106);
    expect(await app.likeness('.stage', await drawnByDcmtk(at))).toBeGreaterThan(0.98);
  });

  it('windows with one finger', async () => {
    const before = await app.look('.stage');
    await app.tap('明暗');
    await app.touch('.stage-touch', [
      [195, 100],
      [195, 220],
    ]);
    await delay(300);
    const after = await app.look('.stage');
    expect(Math.abs(after.mean - before.mean)).toBeGreaterThan(5);
    await app.tap('翻页');
  });

  it('zooms with two fingers: the picture grows past its black margins', async () => {
    const before = await app.look('.stage');
    await app.pinch('.stage-touch', 100, 200);
    await sharp();
    await shot('film-zoomed');
    expect((await app.look('.stage')).mean).not.toBeCloseTo(before.mean, 0);
    expect(await app.likeness('.stage', await drawnByDcmtk(await counter()))).toBeLessThan(0.9);
    await app.tap('更多');
    await app.tap('复原');
    await app.tap('收起');
    await sharp();
    expect(await app.likeness('.stage', await drawnByDcmtk(await counter()))).toBeGreaterThan(0.98);
  });

  it('shares: passcode, link, QR code to the album, and a card to a friend', async () => {
    await app.tap('分享给医生或家人');
    await app.waitForPage('subpackages/shares/new-share/index');
    await app.tap('请医生会诊');
    await app.tap('1 天');
    await app.tap('生成分享');
    await app.waitForText('分享已生成');
    await delay(500);
    await shot('shared');
    await app.tap('复制链接');
    const url = await app.clipboard();
    await app.tap('复制口令');
    const passcode = await app.clipboard();
    expect(url).toMatch(/\/s\/[A-Za-z0-9_-]{22}$/);
    const picture = path.join(work, 'card.png');
    await app.screenshot(picture, '.share-canvas');
    expect(execFileSync('zbarimg', ['--quiet', '--raw', picture], { encoding: 'utf8' }).trim()).toBe(url);
    await app.tap('保存二维码图片');
    await app.tap('允许');
    await delay(500);
    expect(await app.album()).toHaveLength(1);
    share = { token: url.split('/s/')[1], passcode };
    const card = await app.shareMessage();
    expect(card.path).toContain(share.token);
    expect(card.path).not.toContain(passcode);
    expect((await openedElsewhere()).status).toBe(200);
  });

  it("opens on a friend's phone from the card in a chat, with the passcode and without an account", async () => {
    const { path: address } = await app.shareMessage();
    const [, page, token] = /^\/?([^?]+)\?t=(.+)$/.exec(address);
    const launch = { path: page, query: { t: token }, scene: 1007 };
    friend = await openWeapp({
      dist: path.join(work, 'dist'),
      apiDomain: weappApi,
      apiOrigin: hospital.origin,
      launch,
    });
    await friend.type('8 位口令', 'AAAA AAAA');
    await friend.tap('打开');
    await friend.waitForText(/不可用|不正确/);
    await friend.type('8 位口令', share.passcode);
    await friend.tap('打开');
    await friend.waitForText('胸部 CT 平扫未见明确异常。');
    await friend.waitForText('106 / 211');
    await friend.screenshot(path.join(shots, 'weapp-friend.png'));
    expect(await friend.consoleErrors()).toEqual([]);
  });

  it('revokes: the list says how often it was looked at, and the link is dead at once', async () => {
    await app.tap('完成');
    await app.back();
    await app.tap('分享记录');
    await app.waitForPage('subpackages/shares/shares/index');
    await app.waitForText('已看 2 / 20 次'); // the friend, and the reader elsewhere
    await app.tap('撤销分享');
    await app.waitForText('撤销这个分享？');
    await shot('revoke');
    await app.tap('撤销');
    await app.waitForText('已撤销');
    expect((await openedElsewhere()).status).not.toBe(200);
    await app.back();
  });

  it('shows the last list without a line, and says so', async () => {
    await app.goOffline();
    await app.pullDown();
    await app.waitForText('网络不通，显示的是上次的列表');
    await app.waitForText('211 幅图像');
    await shot('offline');
    await app.goOnline();
  });

  it('signs out, and leaves nothing on the phone', async () => {
    await app.tap('账号与绑定');
    await app.waitForPage('pages/account/index');
    await app.waitForText('138****8000');
    await shot('account');
    await app.tap('退出登录');
    await app.tap('退出');
    await app.waitForPage('pages/sign-in/index');
    const kept = JSON.stringify(await app.storage());
    expect(kept).not.toContain('胸部');
    expect(Object.keys(await app.storage()).filter((key) => /token|session|film/i.test(key))).toEqual([]);
    expect(await app.consoleErrors()).toEqual([]);
  });

  it("has closed the friend's phone by now: no image, no word of the report", async () => {
    await friend.waitForText('分享已结束或已被撤销', 60_000);
    expect(await friend.text()).not.toContain('未见明确异常');
    await friend.screenshot(path.join(shots, 'weapp-friend-closed.png'));
  });

  const shot = async (name) => {
    await delay(300);
    await app.screenshot(path.join(shots, `weapp-${name}.png`));
  };
  const counter = async () => Number(/(\d+) \/ 211/.exec(await app.text())[1]);
  /** Neither "preview" nor "loading" stands on the image. */
  const sharp = async () => {
    for (let i = 0; i < 150; i++) {
      await delay(100);
      if (!/预览|图像加载中/.test(await app.text())) return;
    }
    throw new Error('the image does not become sharp');
  };
  /** The code of the newest text message, as the demo server prints it on its terminal. */
  const textMessageCode = async () => {
    for (let i = 0; i < 100; i++) {
      const all = [...hospital.output().matchAll(/验证码 (\d{6})/g)];
      if (all.length > codes) {
        codes = all.length;
        return all.at(-1)[1];
      }
      await delay(100);
    }
    throw new Error('no text message was sent');
  };
  const openedElsewhere = () => hospital.call('POST', '/api/shares/open', share);
  /** The n-th image of the series as dcm2pnm draws it in the window it declares first. */
  const drawnByDcmtk = async (number) => {
    const [film] = await hospital.films();
    const manifest = (await hospital.call('GET', `/api/films/${film.filmId}`, undefined, hospital.token)).body;
    const { sopInstanceUid } = manifest.series[0].frames[number - 1];
    const file = files.find((one) => nativePixels(one).sopInstanceUid === sopInstanceUid);
    const picture = path.join(work, `${number}.png`);
    execFileSync('dcm2pnm', ['+Wi', '1', '--write-png', file, picture], { stdio: 'ignore' });
    return readFileSync(picture);
  };
});
