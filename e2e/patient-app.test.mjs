// The patient story in a phone's browser, in the h5 build of the patient app, against the real server.
import { chromium } from 'playwright-core';
import { afterAll, describe } from 'vitest';
import { openH5Phone } from './support/h5-phone.mjs';
import { patientStory } from './support/patient-story.mjs';
import { flags } from './weapp-host/open-weapp.mjs';

describe.skipIf(process.env.YINGYUN_LIDC === undefined)('the patient story on h5', { timeout: 120_000 }, () => {
  let browser;
  afterAll(() => browser?.close());
  patientStory({
    name: 'patient-story',
    async open(hospital) {
      browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
      return openH5Phone(browser, `${hospital.origin}/m/`);
    },
    openShared: (hospital, _work, token, how) =>
      openH5Phone(browser, `${hospital.origin}/m/#/subpackages/film/shared/index?t=${token}`, how),
  });
});
