// A patient's way through the product, the same steps on every platform: sign in with a code from a text message, bind to the hospital's
// record, read report and images, go to an earlier exam, scroll, window and pinch with fingers, share, revoke, lose the line, sign out.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { nativePixels } from './dicom-files.mjs';
import { startHospital } from './hospital.mjs';
import { hasDocuments, sendChestCt, sendEarlierExam } from './patient-exams.mjs';
import { textMessages } from './patient-sign-in.mjs';

const shots = path.join(import.meta.dirname, '../screenshots');
const patient = { name: '测试', idNumber: '11010519491231002X', phone: '13800138000' }; // the ID number is GB 11643's own example

/**
 * Registers the steps as tests.
 * @param {object} platform
 * @param {string} platform.name prefix of the screenshots
 * @param {(hospital: object, work: string) => Promise<object>} platform.open a phone on the app's first page; see h5-phone.mjs for its ways
 * @param {(hospital: object, work: string, token: string) => Promise<object>} platform.openShared another phone, on the link of a share
 * @returns {{work: string, hospital: () => object}} for steps of the platform's own, before or behind these
 */
export function patientStory({ name, open, openShared }) {
  const work = mkdtempSync(path.join(os.tmpdir(), `yingyun-${name}-story-`));
  let hospital;
  let nextCode;
  let phone;
  let friend;
  let chest;
  let share;

  beforeAll(async () => {
    mkdirSync(shots, { recursive: true });
    hospital = await startHospital();
    chest = await sendChestCt(hospital, patient);
    await sendEarlierExam(hospital, patient, work);
    nextCode = textMessages(hospital);
    phone = await open(hospital, work);
  }, 240_000);
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await phone?.screenshot(path.join(shots, `${name}-failed.png`));
  });
  afterAll(async () => {
    await friend?.close();
    await phone?.close();
    await hospital?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  it('signs in with the code of a text message, and with no other', async () => {
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
    await phone.waitForText('先绑定就诊档案');
  });

  it("binds to the hospital's record with name, ID number and a code to the phone in that record", async () => {
    await phone.tap('去绑定');
    await phone.type('与就诊时登记的一致', patient.name);
    await phone.type('18 位身份证号', patient.idNumber);
    await shot('link');
    await phone.tap('下一步');
    await phone.waitForText('输入验证码');
    await phone.type('6 位数字', await nextCode());
    await phone.tap('完成绑定');
    await phone.waitForText('绑定成功');
    await phone.tap('查看影像');
    await phone.waitForText('211 幅图像');
    await shot('films');
  });

  it('opens the film: report and images on one screen, the image as dcmtk draws it', async () => {
    await phone.tap('211 幅图像');
    await phone.waitForText('胸部 CT 平扫未见明确异常。');
    await sharp();
    expect(await counter()).toBe(106);
    await shot('film');
    expect(await phone.likeness('.stage', await drawnByDcmtk(106))).toBeGreaterThan(0.98);
    expect(await phone.likeness('.stage', await drawnByDcmtk(60))).toBeLessThan(0.95);
  });

  it('reaches an earlier exam by one tap, and comes back by one', async () => {
    await phone.tap('腹部CT平扫');
    await phone.waitForText('肝脏形态、密度未见异常。');
    await sharp();
    await shot('earlier');
    if (hasDocuments) await readDocuments();
    await phone.tap('胸部CT平扫');
    await phone.waitForText('胸部 CT 平扫未见明确异常。');
    await sharp();
  });

  it('turns pages with one finger, and draws the page it says', async () => {
    await phone.touch('.stage-touch', [
      [195, 200],
      [195, 80],
    ]);
    await sharp();
    const at = await counter();
    expect(at).not.toBe(106);
    expect(await phone.likeness('.stage', await drawnByDcmtk(at))).toBeGreaterThan(0.98);
  });

  it('windows with one finger', async () => {
    const before = await phone.look('.stage');
    await phone.tap('明暗');
    await phone.touch('.stage-touch', [
      [195, 100],
      [195, 220],
    ]);
    await delay(300);
    expect(Math.abs((await phone.look('.stage')).mean - before.mean)).toBeGreaterThan(5);
    await phone.tap('翻页');
  });

  it('zooms with two fingers: the picture grows past its black margins', async () => {
    const before = await phone.look('.stage');
    await phone.pinch('.stage-touch', 100, 200);
    await sharp();
    await shot('zoomed');
    expect((await phone.look('.stage')).mean).not.toBeCloseTo(before.mean, 0);
    expect(await phone.likeness('.stage', await drawnByDcmtk(await counter()))).toBeLessThan(0.9);
    await phone.tap('更多');
    await phone.tap('复原');
    await phone.tap('收起');
    await sharp();
    expect(await phone.likeness('.stage', await drawnByDcmtk(await counter()))).toBeGreaterThan(0.98);
  });

  it('shares: link, passcode, and a QR code that reads as the link', async () => {
    await phone.tap('分享给医生或家人');
    await phone.tap('请医生会诊');
    await phone.tap('1 天');
    await phone.tap('生成分享');
    await phone.waitForText('分享已生成');
    await delay(600);
    await phone.tap('复制链接');
    const url = await phone.clipboard();
    await phone.tap('复制口令');
    const passcode = await phone.clipboard();
    expect(url).toMatch(/\/s\/[A-Za-z0-9_-]{22}$/);
    const picture = path.join(work, 'card.png');
    await phone.screenshot(picture, '.share-canvas');
    expect(execFileSync('zbarimg', ['--quiet', '--raw', picture], { encoding: 'utf8' }).trim()).toBe(url);
    await phone.savePicture();
    await shot('shared');
    share = { token: url.split('/s/')[1], passcode };
    expect((await openedElsewhere()).status).toBe(200);
  });

  it('opens on another phone with the passcode, and with no other and no account', async () => {
    friend = await openShared(hospital, work, share.token);
    await friend.type('8 位口令', 'AAAA AAAA');
    await friend.tap('打开');
    await friend.waitForText(/不可用|不正确/);
    await friend.type('8 位口令', share.passcode.toLowerCase());
    await friend.tap('打开');
    await friend.waitForText('胸部 CT 平扫未见明确异常。');
    await friend.waitForText('106 / 211');
    expect(await friend.text()).not.toContain('分享给医生或家人');
    await friend.screenshot(path.join(shots, `${name}-friend.png`));
    expect(await friend.consoleErrors()).toEqual([]);
  });

  it('draws the same picture on a phone without WebAssembly', async () => {
    const old = await openShared(hospital, work, share.token, { hasWebAssembly: false });
    try {
      await old.type('8 位口令', share.passcode);
      await old.tap('打开');
      await old.waitForText('106 / 211');
      await sharp(old);
      await sharp(friend);
      await old.screenshot(path.join(shots, `${name}-without-wasm.png`));
      const [plain, decoded] = [
        await old.screenshot(undefined, '.stage'),
        await friend.screenshot(undefined, '.stage'),
      ];
      expect(Buffer.compare(plain, decoded)).toBe(0);
      expect(await old.likeness('.stage', await drawnByDcmtk(106))).toBeGreaterThan(0.98);
      expect(await old.consoleErrors()).toEqual([]);
    } finally {
      await old.close();
    }
  });

  it('revokes: the list says how often it was looked at, and the link is dead at once', async () => {
    await phone.tap('完成');
    await phone.waitForText('胸部 CT 平扫未见明确异常。');
    await phone.back();
    await phone.waitForText('211 幅图像');
    await phone.tap('分享记录');
    await phone.waitForText('已看 3 / 20 次'); // two other phones, and the reader elsewhere
    await phone.tap('撤销分享');
    await phone.waitForText('撤销这个分享？');
    await shot('revoke');
    await phone.tap('撤销');
    await phone.waitForText('已撤销');
    expect((await openedElsewhere()).status).not.toBe(200);
    await phone.back();
  });

  it('shows the last list without a line, and says so', async () => {
    await phone.waitForText('211 幅图像');
    await phone.goOffline();
    await phone.refresh();
    await phone.waitForText('网络不通，显示的是上次的列表');
    await phone.waitForText('211 幅图像');
    await shot('offline');
    await phone.goOnline();
  });

  it('signs out, and leaves nothing on the phone', async () => {
    await phone.tap('账号与绑定');
    await phone.waitForText('138****8000');
    await shot('account');
    await phone.tap('退出登录');
    await phone.tap('退出');
    await phone.waitForText('影像随身看');
    const kept = await phone.storage();
    for (const secret of ['胸部', patient.phone]) expect(JSON.stringify(kept)).not.toContain(secret);
    expect(Object.keys(kept).filter((key) => /token|session|film/i.test(key))).toEqual([]);
    expect(await phone.consoleErrors()).toEqual([]);
  });

  it('has closed the other phone by now: no image, no word of the report', async () => {
    await friend.waitForText('分享已结束或已被撤销', 60_000);
    expect(await friend.text()).not.toContain('未见明确异常');
    await friend.screenshot(path.join(shots, `${name}-friend-closed.png`));
  });

  const shot = async (step) => {
    await delay(300);
    await phone.screenshot(path.join(shots, `${name}-${step}.png`));
  };
  const counter = async () => Number(/(\d+) \/ 211/.exec(await phone.text())[1]);
  /** Neither "preview" nor "loading" stands on the image. */
  const sharp = async (on = phone) => {
    for (let i = 0; i < 200; i++) {
      await delay(100);
      const text = await on.text();
      if (/\d+ \/ \d+/.test(text) && !/预览|图像加载中/.test(text)) return;
    }
    throw new Error('the image does not become sharp');
  };
  /** A structured report on the page, below the images, and a PDF in the platform's own reader. */
  const readDocuments = async () => {
    await phone.tap('结构化报告');
    await phone.waitForText('测量结果');
    await phone.waitForText('长度');
    await shot('document');
    await phone.tap('返回报告');
    await phone.waitForText('肝脏形态、密度未见异常。');
    await phone.pdfOpened(() => phone.tap('PDF 文档'));
  };
  const openedElsewhere = () => hospital.call('POST', '/api/shares/open', share);
  /** The n-th image of the chest as dcm2pnm draws it in the window it declares first. */
  const drawnByDcmtk = async (number) => {
    const { series } = (await hospital.call('GET', `/api/films/${chest.filmId}`, undefined, hospital.token)).body;
    const { sopInstanceUid } = series[0].frames[number - 1];
    const file = chest.files.find((one) => nativePixels(one).sopInstanceUid === sopInstanceUid);
    const picture = path.join(work, `${number}.png`);
    execFileSync('dcm2pnm', ['+Wi', '1', '--write-png', file, picture], { stdio: 'ignore' });
    return readFileSync(picture);
  };
  return { work, hospital: () => hospital };
}
