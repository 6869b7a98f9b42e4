// The compiled mini-program in the weapp host: list, film and viewer, on the session of a patient who is bound already.
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
    await app.waitForText(exams[0].name);
    await take('影像列表');
    await app.tap(exams[0].name);
    await app.waitForText('诊断意见');
    await sharp(app);
    await take(`胶片：${exams[0].name}`, '.stage');
    await app.tap('更多');
    await take('阅片：更多工具', '.stage');
    await app.tap('收起');
    await app.tap('全屏看图');
    await sharp(app);
    await take('阅片：全屏', '.stage');
  } finally {
    await app.takeFaults().catch(() => []);
    await app.close();
    rmSync(work, { recursive: true, force: true });
  }
}

async function sharp(app) {
  for (let i = 0; i < 200; i++) {
    if (!/预览|图像加载中/.test(await app.text())) return;
    await delay(100);
  }
}
