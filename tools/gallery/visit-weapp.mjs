// The compiled mini-program in the weapp host: signing in, list, film and viewer.
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { textMessages } from '../../e2e/support/patient-sign-in.mjs';
import { compiledWeapp, weappApi } from '../../e2e/support/weapp-build.mjs';
import { openWeapp } from '../../e2e/weapp-host/open-weapp.mjs';
import { person } from './exams.mjs';

const group = '微信小程序';

export async function visitWeapp({ camera, hospital, exams }) {
  const work = mkdtempSync(path.join(os.tmpdir(), 'yingyun-gallery-weapp-'));
  const app = await openWeapp({
    dist: compiledWeapp(path.join(work, 'dist')),
    apiDomain: weappApi,
    apiOrigin: hospital.origin,
  });
  const take = async (caption, image) => {
    await delay(300);
    const faults = (await app.consoleErrors()).map((text) => `脚本错误：${text.slice(0, 80)}`);
    if (image !== undefined) faults.push(...(await camera.lookAtImage(app.find(image))));
    const write = (file) => app.browserPage.screenshot({ path: file, type: 'jpeg', quality: 82 });
    await camera.keep(group, caption, 390, write, faults);
  };
  try {
    await app.waitForPage('pages/sign-in/index');
    await take('登录');
    const nextCode = textMessages(hospital);
    await app.type('11 位手机号', person.phone);
    await app.tap('获取验证码');
    await app.type('6 位数字', await nextCode());
    await app.tap('登录');
    await bindWhereNotBound(app, nextCode, take);
    await app.waitForText(exams[0].name);
    await take('影像列表');
    await app.tap(exams[0].name);
    await app.waitForText('诊断意见');
    await sharp(app);
    await take(`胶片：${exams[0].name}`, '.stage');
    await app.tap('更多');
    await take('阅片：更多工具', '.stage');
    await app.tap('收起');
    await app.tap('全屏');
    await sharp(app);
    await take('阅片：全屏', '.stage');
  } finally {
    await app.takeFaults().catch(() => []);
    await app.close();
    rmSync(work, { recursive: true, force: true });
  }
}

/** The patient app's walk may have done so already. */
async function bindWhereNotBound(app, nextCode, take) {
  for (let i = 0; i < 100; i++) {
    const words = await app.text();
    if (/有报告/.test(words)) return;
    if (/去绑定/.test(words)) break;
    await delay(100);
  }
  await take('还没有绑定');
  await app.tap('去绑定');
  await app.type('与就诊时登记的一致', person.name);
  await app.type('18 位身份证号', person.idNumber);
  await take('绑定档案');
  await app.tap('下一步');
  await app.waitForText('输入验证码');
  await app.type('6 位数字', await nextCode());
  await app.tap('完成绑定');
  await app.waitForText('绑定成功');
  await app.tap('查看影像');
}

async function sharp(app) {
  for (let i = 0; i < 200; i++) {
    if (!/预览|图像加载中/.test(await app.text())) return;
    await delay(100);
  }
}
