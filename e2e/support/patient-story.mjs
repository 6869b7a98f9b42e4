// A patient's way through the product, the same steps on every platform: sign in with a code from a text message, bind to the hospital's
// record, read report, images and documents, go to an earlier exam, scroll, window and pinch with fingers, share, revoke, lose the line,
// enlarge the type, sign out.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { becomesLike, drawnByDcmtk, eventually, numberShown, sharp } from './film-eyes.mjs';
import { startHospital } from './hospital.mjs';
import { hasDocuments, sendChestCt, sendEarlierExam } from './patient-exams.mjs';
import { textMessages } from './patient-sign-in.mjs';

const shots = path.join(import.meta.dirname, '../screenshots');
const patient = { name: '测试', idNumber: '11010519491231002X', phone: '13800138000' }; // the ID number is GB 11643's own example

/**
 * Registers the steps as tests; behind one that failed the others are left out.
 * @param {object} platform
 * @param {string} platform.name prefix of the screenshots
 * @param {(story: object) => Promise<object>} platform.open a phone on the app's first page; see h5-phone.mjs for its ways
 * @param {(story: object, token: string, how: object) => Promise<object>} platform.openShared another phone, on the link of a share
 * @returns {{work: string, hospital: object, phone: object, chest: object}} filled as the story goes, for steps of the platform's own
 */
export function patientStory({ name, open, openShared }) {
  const story = { work: mkdtempSync(path.join(os.tmpdir(), `yingyun-${name}-story-`)) };
  let nextCode;
  let phone;
  let friend;
  let earlier;
  let share;
  let hasFailed = false;

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    story.hospital = await startHospital();
    story.chest = await sendChestCt(story.hospital, patient);
    earlier = await sendEarlierExam(story.hospital, patient, story.work);
    nextCode = textMessages(story.hospital);
    phone = await open(story);
    story.phone = phone;
  }, 240_000);
  beforeEach(({ skip }) => skip(hasFailed, 'a step before this one failed'));
  afterEach(async ({ task }) => {
    if (task.result?.state !== 'fail' || hasFailed) return;
    hasFailed = true;
    await phone?.screenshot(path.join(shots, `${name}-failed.png`));
  });
  afterAll(async () => {
    await friend?.close();
    await phone?.close();
    await story.hospital?.stop();
    rmSync(story.work, { recursive: true, force: true });
  });

  it('signs in with the code of a text message, and with no other', async () => {
    await phone.waitForPage('pages/sign-in/index');
    await phone.waitForText('影像随身看');
    await shot('sign-in');
    await phone.type('11 位手机号', patient.phone);
    await phone.tap('获取验证码');
    const code = await nextCode();
    await phone.type('6 位数字', code === '000000' ? '000001' : '000000');
    await phone.tap('登录');
    await phone.waitForText(/验证码不正确或已/);
    await phone.type('6 位数字', code);
    await phone.tap('登录');
    await phone.waitForPage('pages/films/index');
    await phone.waitForText('先绑定就诊档案');
    await shot('unbound');
  });

  it("binds to the hospital's record with name, ID number and a code to the phone in that record", async () => {
    await phone.tap('去绑定');
    await phone.waitForPage('subpackages/link/link/index');
    await phone.type('与就诊时登记的一致', patient.name);
    await phone.type('18 位身份证号', patient.idNumber);
    await shot('link');
    await phone.tap('下一步');
    await phone.waitForText('输入验证码');
    await phone.type('6 位数字', await nextCode());
    await shot('link-code');
    await phone.tap('完成绑定');
    await phone.waitForText('绑定成功');
    await phone.tap('查看影像');
    await phone.waitForText('211 幅图像');
    await shot('films');
  });

  it('opens the film: report and images on one screen, the image as dcmtk draws it', async () => {
    await phone.tap('211 幅图像');
    await phone.waitForPage('subpackages/film/film/index');
    await phone.waitForText('胸部 CT 平扫未见明确异常。');
    await sharp(phone);
    expect(await number()).toBe(106);
    await becomesLike(phone, await drawn(106), 0.98);
    expect(await phone.likeness('.stage', await drawn(60))).toBeLessThan(0.95);
    await shot('film');
  });

  it('reaches an earlier exam by one tap', async () => {
    await phone.tap('腹部CT平扫');
    await phone.waitForText('肝脏形态、密度未见异常。');
    await sharp(phone);
    expect(await numberShown(phone, 3)).toBe(2);
    await shot('earlier');
  });

  it('reads which images a doctor marked, and goes to one', async () => {
    await phone.tap('关键图像');
    await phone.waitForText('关键图像（1 幅）');
    expect((await phone.find('.document .report-title').boundingBox()).y).toBeGreaterThan(await sheetTop()); // from its beginning
    await shot('key-object');
    const wanted = await numberOf(earlier.filmId, earlier.keyImage);
    expect(wanted).not.toBe(2);
    await phone.tap(new RegExp(`序列 \\S+ · 第 ${wanted} 幅`));
    await phone.waitForText(`${wanted} / 3`);
    await sharp(phone);
    await phone.tap('返回报告');
    await phone.waitForText('肝脏形态、密度未见异常。');
  });

  it.runIf(hasDocuments)(
    "reads a structured report from its beginning, and a PDF in the platform's reader",
    async () => {
      await phone.tap('结构化报告');
      await phone.waitForText('测量结果');
      await phone.waitForText('长度');
      expect((await phone.find('.document .report-title').boundingBox()).y).toBeGreaterThan(await sheetTop());
      await shot('document');
      await phone.tap('返回报告');
      await phone.waitForText('肝脏形态、密度未见异常。');
      const pdf = await phone.openedPdf(() => phone.tap('PDF 文档'));
      expect(pdf.subarray(0, earlier.pdf.length).equals(earlier.pdf)).toBe(true);
      expect(pdf.length - earlier.pdf.length).toBeLessThanOrEqual(1); // DICOM evens a value out by a byte
    },
  );

  it('comes back to the first exam by one tap', async () => {
    await phone.tap('胸部CT平扫');
    await phone.waitForText('胸部 CT 平扫未见明确异常。');
    await phone.waitForText('106 / 211');
    await sharp(phone);
  });

  it('turns pages with one finger, and draws the page it says', async () => {
    await phone.touch('.stage-touch', [
      [195, 200],
      [195, 80],
    ]);
    await eventually(number).not.toBe(106);
    await sharp(phone);
    // By the number that stands there when the picture is looked at: a busy phone goes on turning pages for a moment.
    await eventually(async () => phone.likeness('.stage', await drawn(await number()))).toBeGreaterThan(0.98);
  });

  it('windows with one finger', async () => {
    const before = await phone.look('.stage');
    await phone.tap('明暗');
    await phone.touch('.stage-touch', [
      [195, 100],
      [195, 220],
    ]);
    const change = async () => Math.abs((await phone.look('.stage')).mean - before.mean);
    await eventually(change).toBeGreaterThan(5);
    await phone.tap('翻页');
  });

  it('zooms with two fingers: the picture grows past its black margins', async () => {
    const before = await phone.look('.stage');
    const at = await number();
    await phone.pinch('.stage-touch', 100, 200);
    await eventually(async () => phone.likeness('.stage', await drawn(at))).toBeLessThan(0.9);
    expect((await phone.look('.stage')).mean).not.toBeCloseTo(before.mean, 0);
    await sharp(phone);
    await shot('zoomed');
    await phone.tap('更多');
    await shot('tools');
    await phone.tap('复原');
    await phone.tap('收起');
    await sharp(phone);
    // By the number that stands there when the picture is looked at: a busy phone goes on turning pages for a moment.
    await eventually(async () => phone.likeness('.stage', await drawn(await number()))).toBeGreaterThan(0.98);
  });

  it('shares: link, passcode, and a QR code that reads as the link', async () => {
    await phone.tap('分享给医生或家人');
    await phone.waitForPage('subpackages/shares/new-share/index');
    await phone.tap('请医生会诊');
    await phone.tap('1 天');
    await shot('new-share');
    await phone.tap('生成分享');
    await phone.waitForText('分享已生成');
    await phone.tap('复制链接');
    const url = await phone.clipboard();
    await phone.tap('复制口令');
    const passcode = await phone.clipboard();
    expect(url).toMatch(/\/s\/[A-Za-z0-9_-]{22}$/);
    const words = (await phone.text()).replace(/\s/g, '');
    expect(words).toContain(url);
    expect(words).toContain(passcode);
    const picture = path.join(story.work, 'card.png');
    const readCode = async () => {
      await phone.screenshot(picture, '.share-canvas');
      return execFileSync('zbarimg', ['--quiet', '--raw', picture], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim();
    };
    await eventually(() => readCode().catch(() => 'nothing to read yet')).toBe(url);
    await shot('card');
    await phone.savePicture();
    await shot('shared');
    share = { token: url.split('/s/')[1], passcode };
    expect((await openedElsewhere()).status).toBe(200);
  });

  it('opens on another phone with the passcode, and with no other and no account', async () => {
    friend = await openShared(story, share.token, {});
    await friend.type('8 位口令', 'AAAA AAAA');
    await friend.tap('打开');
    await friend.waitForText(/不可用|不正确/);
    await friend.screenshot(path.join(shots, `${name}-friend-passcode.png`));
    await friend.type('8 位口令', share.passcode.toLowerCase());
    await friend.tap('打开');
    await friend.waitForText('胸部 CT 平扫未见明确异常。');
    await friend.waitForText('106 / 211');
    await sharp(friend);
    expect(await friend.text()).not.toContain('分享给医生或家人');
    await friend.screenshot(path.join(shots, `${name}-friend.png`));
    expect(await friend.consoleErrors()).toEqual([]);
  });

  it('draws the same picture on a slow old phone without WebAssembly, from plain samples', async () => {
    const old = await openShared(story, share.token, { hasWebAssembly: false, cpuSlowdown: 4 });
    try {
      await old.type('8 位口令', share.passcode);
      await old.tap('打开');
      await old.waitForText('106 / 211');
      await sharp(old);
      const decoded = await friend.screenshot(undefined, '.stage');
      const isSame = async () => Buffer.compare(await old.screenshot(undefined, '.stage'), decoded) === 0;
      await eventually(isSame).toBe(true);
      await becomesLike(old, await drawn(106), 0.98);
      expect(await old.consoleErrors()).toEqual([]);
    } finally {
      await old.close();
    }
  });

  it('revokes: the list says how often it was looked at, and the link is dead at once', async () => {
    await phone.tap('完成');
    await phone.waitForText('胸部 CT 平扫未见明确异常。');
    await phone.back();
    await phone.waitForPage('pages/films/index');
    await phone.tap('分享记录');
    await phone.waitForPage('subpackages/shares/shares/index');
    await phone.waitForText('已看 3 / 20 次'); // two other phones, and the reader elsewhere
    await shot('shares');
    await phone.tap('撤销分享');
    await phone.waitForText('撤销这个分享？');
    await shot('revoke');
    await phone.tap('撤销');
    await phone.waitFor('.chip-revoked');
    await phone.waitForText('已撤销');
    expect((await openedElsewhere()).status).not.toBe(200);
    await phone.back();
  });

  it('shows the last list without a line, and says so; and the list anew with one, without signing in again', async () => {
    await phone.waitForText('211 幅图像');
    await phone.goOffline();
    await phone.refresh();
    await phone.waitForText('网络不通，显示的是上次的列表');
    await phone.waitForText('211 幅图像');
    await shot('offline');
    await phone.goOnline();
    await phone.refresh();
    await phone.waitForText('211 幅图像');
    await eventually(() => phone.text()).not.toContain('网络不通');
  });

  it('writes a quarter larger for elders, on every page', async () => {
    const height = async () => (await phone.find('211 幅图像').boundingBox()).height;
    const before = await height();
    await phone.tap('账号与绑定');
    await phone.waitForText('138****8000');
    await phone.tap('长辈大字版');
    await shot('account-large');
    await phone.back();
    await phone.waitForText('211 幅图像');
    await eventually(async () => (await height()) / before).toBeGreaterThan(1.15);
    await shot('films-large');
    await phone.tap('211 幅图像');
    await phone.waitForText('胸部 CT 平扫未见明确异常。');
    await sharp(phone);
    await shot('film-large');
    await phone.back();
    await phone.waitForText('211 幅图像');
  });

  it('signs out, and leaves nothing on the phone', async () => {
    await phone.tap('账号与绑定');
    await phone.waitForPage('pages/account/index');
    await phone.waitForText('138****8000');
    await phone.tap('长辈大字版');
    await shot('account');
    await phone.tap('退出登录');
    await phone.tap('退出');
    await phone.waitForPage('pages/sign-in/index');
    await phone.waitForText('影像随身看');
    const kept = await phone.storage();
    for (const secret of ['session', 'films', '胸部', patient.phone])
      expect(JSON.stringify(kept)).not.toContain(secret);
    expect(Object.keys(kept).filter((key) => /token|session|film/i.test(key))).toEqual([]);
    expect(await phone.consoleErrors()).toEqual([]);
  });

  it('has closed the other phone by now: no image, no word of the report', async () => {
    await friend.waitForText('分享已结束或已被撤销', 60_000);
    expect(await friend.text()).not.toContain('未见明确异常');
    await friend.screenshot(path.join(shots, `${name}-friend-closed.png`));
  });

  const shot = async (step) => {
    await delay(300); // pages slide in
    await phone.screenshot(path.join(shots, `${name}-${step}.png`));
  };
  const number = () => numberShown(phone, 211);
  const pictures = new Map();
  const drawn = async (at) => {
    if (!pictures.has(at)) pictures.set(at, await drawnByDcmtk(story.hospital, story.chest, at, story.work));
    return pictures.get(at);
  };
  const sheetTop = async () => (await phone.find('.film-sheet').boundingBox()).y;
  const numberOf = async (filmId, sopInstanceUid) => {
    const { body } = await story.hospital.call('GET', `/api/films/${filmId}`, undefined, story.hospital.token);
    const { frames } = body.series.find((one) => one.frames.length > 0);
    return frames.findIndex((frame) => frame.sopInstanceUid === sopInstanceUid) + 1;
  };
  const openedElsewhere = () => story.hospital.call('POST', '/api/shares/open', share);
  return story;
}
