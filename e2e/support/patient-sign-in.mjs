// A patient's first steps in the h5 build of the patient app, for whatever begins behind them: sign in, bind to the hospital's record.
import { setTimeout as delay } from 'node:timers/promises';

/** The field with this placeholder, and the words as a finger finds them: on the page that is on top. */
export const field = (page, placeholder) =>
  page.locator(`input[placeholder="${placeholder}"]`).filter({ visible: true });
export const tap = (page, words) => page.getByText(words, { exact: true }).filter({ visible: true }).last().click();

/** Hands out the code of each text message once, as the demo server prints them on its terminal, newest last. */
export function textMessages(hospital) {
  let taken = [...hospital.output().matchAll(/验证码 (\d{6})/g)].length;
  return async () => {
    for (let i = 0; i < 150; i++) {
      const all = [...hospital.output().matchAll(/验证码 (\d{6})/g)];
      if (all.length > taken) {
        taken = all.length;
        return all.at(-1)[1];
      }
      await delay(100);
    }
    throw new Error('no text message was sent');
  };
}

/** From the sign-in page to the list of somebody who is bound to nothing yet. */
export async function signInPatient(page, phone, nextCode) {
  await field(page, '11 位手机号').fill(phone);
  await tap(page, '获取验证码');
  await field(page, '6 位数字').fill(await nextCode());
  await tap(page, '登录');
  await page.getByText('先绑定就诊档案').waitFor();
}

/** From that list to the list of the person's films. `seen(step)` is called where there is something to look at. */
export async function bindPatient(page, { name, idNumber }, nextCode, seen = async () => undefined) {
  await tap(page, '去绑定');
  await field(page, '与就诊时登记的一致').fill(name);
  await field(page, '18 位身份证号').fill(idNumber);
  await seen('form');
  await tap(page, '下一步');
  await page.getByText('输入验证码').waitFor();
  await field(page, '6 位数字')
    .last()
    .fill(await nextCode());
  await seen('code');
  await tap(page, '完成绑定');
  await page.getByText('绑定成功').waitFor();
  await seen('done');
  await tap(page, '查看影像');
}
