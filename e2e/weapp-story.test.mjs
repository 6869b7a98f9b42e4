// The patient story in the real compiled mini-program, against the real server.
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { patientStory } from './support/patient-story.mjs';
import { compiledWeapp, weappApi } from './support/weapp-build.mjs';
import { checkWithWcc } from './weapp-host/check-with-wcc.mjs';
import { openWeapp } from './weapp-host/open-weapp.mjs';
import { readProgram } from './weapp-host/read-program.mjs';

describe.skipIf(process.env.YINGYUN_LIDC === undefined)('the patient story on weapp', { timeout: 120_000 }, () => {
  let app;
  const open = async (hospital, work, how) => {
    const dist = path.join(work, 'dist');
    const phone = await openWeapp({ dist, apiDomain: weappApi, apiOrigin: hospital.origin, ...how });
    phone.refresh = phone.pullDown;
    phone.pdfOpened = async (open) => {
      await open();
      await expect.poll(async () => (await phone.openedDocuments()).length).toBe(1);
      const [{ fileType, showMenu, bytes }] = await phone.openedDocuments();
      expect([fileType, showMenu, bytes > 1000]).toEqual(['pdf', false, true]);
    };
    phone.savePicture = async () => {
      await phone.tap('保存二维码图片');
      await phone.tap('允许');
      await delay(500);
      expect(await phone.album()).toHaveLength(1);
    };
    return phone;
  };
  const { work } = patientStory({
    name: 'weapp',
    async open(hospital, folder) {
      compiledWeapp(path.join(folder, 'dist'));
      app = await open(hospital, folder, {});
      return app;
    },
    /** From the card in a chat, as WeChat's own share button sends it. */
    async openShared(hospital, folder, token, how = {}) {
      const [, page, query] = /^\/?([^?]+)\?t=(.+)$/.exec((await app.shareMessage()).path);
      expect(query).toBe(token);
      return open(hospital, folder, { ...how, launch: { path: page, query: { t: token }, scene: 1007 } });
    },
  });

  it('was a mini-program that WeChat accepts: package sizes, templates and styles by wcc and wcsc', async () => {
    const { packages } = readProgram(path.join(work, 'dist'));
    expect(packages[0].bytes).toBeLessThan(1024 * 1024);
    expect(await app.userFiles()).toEqual([]); // the PDF's file has gone with its page
    expect(app.packages()).toContain('subpackages/film/');
    expect(checkWithWcc(path.join(work, 'dist'))).toEqual([]);
  });
});
