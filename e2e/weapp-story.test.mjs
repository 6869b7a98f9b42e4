// The patient story in the real compiled mini-program, against the real server.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventually } from './support/film-eyes.mjs';
import { patientStory } from './support/patient-story.mjs';
import { compiledWeapp, weappApi } from './support/weapp-build.mjs';
import { checkWithWcc } from './weapp-host/check-with-wcc.mjs';
import { openWeapp } from './weapp-host/open-weapp.mjs';
import { readProgram } from './weapp-host/read-program.mjs';

describe.skipIf(process.env.YINGYUN_LIDC === undefined)('the patient story on weapp', { timeout: 120_000 }, () => {
  const open = async ({ hospital, work }, how) => {
    const phone = await openWeapp({
      dist: path.join(work, 'dist'),
      apiDomain: weappApi,
      apiOrigin: hospital.origin,
      ...how,
    });
    return {
      ...phone,
      refresh: phone.pullDown,
      async openedPdf(read) {
        await read();
        await eventually(async () => (await phone.openedDocuments()).length).toBe(1);
        const [{ fileType, showMenu, bytes }] = await phone.openedDocuments();
        expect([fileType, showMenu]).toEqual(['pdf', false]);
        return Buffer.from(bytes);
      },
      async savePicture() {
        await phone.tap('保存二维码图片');
        await phone.tap('允许');
        await eventually(async () => (await phone.album()).length).toBe(1);
      },
    };
  };
  const story = patientStory({
    name: 'weapp',
    async open(begun) {
      compiledWeapp(path.join(begun.work, 'dist'));
      return open(begun, {});
    },
    /** From the card in a chat, as WeChat's own share button sends it: the token stands in it, the passcode doesn't. */
    async openShared(begun, token, how) {
      const [, page, query] = /^\/?([^?]+)\?t=(.+)$/.exec((await begun.phone.shareMessage()).path);
      expect(query).toBe(token);
      return open(begun, { ...how, launch: { path: page, query: { t: token }, scene: 1007 } });
    },
  });

  it('was a mini-program that WeChat accepts: package sizes, templates and styles by wcc and wcsc', async () => {
    const { packages } = readProgram(path.join(story.work, 'dist'));
    expect(packages[0].bytes).toBeLessThan(1024 * 1024);
    expect(story.phone.packages()).toContain('subpackages/film/');
    expect(await story.phone.userFiles()).toEqual([]); // the PDF's file has gone with its page
    expect(checkWithWcc(path.join(story.work, 'dist'))).toEqual([]);
  });
});
