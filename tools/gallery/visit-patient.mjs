// The patient app in a browser: from signing in to the last switch of the account page, with a line and without.

import { oru, sendMllp } from '../../e2e/support/hl7-client.mjs';
import { bindPatient, field, signInPatient, tap, textMessages } from '../../e2e/support/patient-sign-in.mjs';
import { widths } from './camera.mjs';
import { person } from './exams.mjs';

const stage = '.stage';
/** Known to the hospital by a report whose images have not come. */
const newcomer = { name: '司马青', idNumber: '440524188001010014', phone: '13900139000' };

export async function visitPatient({ browser, camera, hospital, exams }) {
  const nextCode = textMessages(hospital);
  await visitEmpty({ browser, camera, hospital, nextCode });
  const { context, page, take } = await openPage(browser, camera);
  await page.goto(`${hospital.origin}/m/`);
  await field(page, '11 位手机号').waitFor();
  await take('登录');
  await signInPatient(page, person.phone, nextCode);
  await take('还没有绑定');
  await bindPatient(page, person, nextCode, (step) =>
    take({ form: '绑定档案', code: '绑定：验证码', done: '绑定成功' }[step]),
  );
  await page.getByText(exams[0].name).first().waitFor();
  await take('影像列表');
  await takeFilms({ page, take, exams });
  await visitShares({ page, take, hospital, exam: exams[0] });
  await visitAccount({ page, take, hospital });
  await visitOffline({ context, page, take, hospital });
  await context.close();
}

async function openPage(browser, camera) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true,
    locale: 'zh-CN',
    viewport: widths.phone,
    deviceScaleFactor: 1.5,
    hasTouch: true, // not isMobile: that would keep the zoom of one width at the next
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(`脚本错误：${error.message}`));
  const take = async (caption, { image, mayFail = false } = {}) => {
    for (const size of Object.values(widths)) {
      await page.setViewportSize(size);
      if (image !== undefined) await sharp(page);
      await camera.take(page, { group: '患者端（公众号 H5）', caption, image, mayFail, faults: faults.splice(0) });
    }
    await page.setViewportSize(widths.phone);
  };
  return { context, page, take };
}

/** Neither "preview" nor "loading" stands on the image. */
async function sharp(page) {
  await page.waitForFunction((selector) => {
    const shown = [...document.querySelectorAll(selector)].find((one) => one.checkVisibility());
    return shown !== undefined && !/预览|加载中/.test(shown.innerText);
  }, stage);
}

async function visitEmpty({ browser, camera, hospital, nextCode }) {
  const { context, page, take } = await openPage(browser, camera);
  const report = { ...newcomer, studyInstanceUid: '1.2.826.0.1.3680043.10.1338.90.900', patientId: 'YY20260002' };
  await sendMllp(hospital.mllp, oru({ ...report, controlId: 'N1', findings: '未见异常。', impression: '未见异常。' }));
  await page.goto(`${hospital.origin}/m/`);
  await signInPatient(page, newcomer.phone, nextCode);
  await bindPatient(page, newcomer, nextCode);
  await page.getByText('还没有影像').waitFor();
  await take('影像列表：还没有影像');
  await context.close();
}

async function takeFilms({ page, take, exams }) {
  const wanted = exams.filter(({ key }) => ['ct', 'cr', 'us-doppler', 'objects', 'sr', 'map'].includes(key));
  for (const exam of wanted.length > 0 ? wanted : exams) {
    const card = page.getByText(exam.name, { exact: true }).filter({ visible: true }).first();
    for (let i = 0; i < 12 && !(await card.isVisible()); i++) {
      await page.mouse.wheel(0, 4000);
      await page.waitForTimeout(300);
    }
    await card.click();
    await page.getByText('诊断意见').filter({ visible: true }).first().waitFor();
    const image = exam.isEmpty ? undefined : `${stage} >> visible=true`;
    await take(`胶片：${exam.name}`, { image, mayFail: exam.isEmpty || exam.key === 'objects' });
    if (exam.key === 'ct') {
      await tap(page, '更多');
      await take('阅片：更多工具', { image });
      await tap(page, '收起');
      await tap(page, '全屏');
      await take('阅片：全屏', { image });
      await tap(page, '退出全屏');
    }
    await page.goBack();
    await page.locator('.film-card').filter({ visible: true }).first().waitFor();
  }
}

async function visitShares({ page, take, hospital, exam }) {
  await page.getByText(exam.name, { exact: true }).filter({ visible: true }).first().click();
  await tap(page, '分享给医生或家人');
  await page.getByText('生成分享').waitFor();
  await take('新建分享');
  await tap(page, '请医生会诊');
  await tap(page, '生成分享');
  await page.getByText('分享已生成').waitFor();
  await take('分享已生成');
  await page.goto(`${hospital.origin}/m/#/subpackages/shares/shares/index`);
  await page.getByText('撤销分享').first().waitFor();
  await take('分享记录');
  await tap(page, '撤销分享');
  await page.getByText('撤销这个分享？').waitFor();
  await take('撤销之前再问一次');
  await tap(page, '撤销');
  await page.locator('.chip-revoked').filter({ visible: true }).waitFor();
  await take('分享记录：已撤销');
}

async function visitAccount({ page, take, hospital }) {
  await page.goto(`${hospital.origin}/m/#/pages/account/index`);
  await page.getByText('138****8000').waitFor();
  await take('账号与绑定');
  await page.getByText('长辈大字版').filter({ visible: true }).first().click();
  await page.getByText('已打开，点按恢复标准字号').waitFor();
  await take('账号与绑定：长辈大字版');
  await page.goto(`${hospital.origin}/m/#/pages/films/index`);
  await page.locator('.film-card').filter({ visible: true }).first().waitFor();
  await take('影像列表：长辈大字版');
  await page.locator('.film-card').filter({ visible: true }).first().click();
  await page.getByText('诊断意见').filter({ visible: true }).first().waitFor();
  await take('胶片：长辈大字版');
}

async function visitOffline({ context, page, take, hospital }) {
  await page.goto(`${hospital.origin}/m/#/pages/account/index`);
  await page.getByText('138****8000').filter({ visible: true }).waitFor();
  await context.setOffline(true);
  await page.goto(`${hospital.origin}/m/#/pages/films/index`);
  await page.getByText('网络不通').filter({ visible: true }).first().waitFor();
  await take('断网：上次的列表', { mayFail: true });
  await context.setOffline(false);
}
