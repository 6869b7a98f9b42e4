// A phone for benches: Chromium, cold, 390 × 844, main thread 4 × slower, on a slow line.
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { startSlowLine } from './slow-line.mjs';

const cpuSlowdown = 4;

/**
 * Starts a Chromium that has never seen the server, behind a line of 10 Mbit/s and 40 ms.
 * The CPU throttle reaches the page's thread only: DevTools can't slow workers or the GPU process.
 */
export async function startPhone(hospital) {
  const line = await startSlowLine({ port: hospital.http, bytesPerSecond: 1_250_000, rttMs: 40 });
  const profile = mkdtempSync(path.join(os.tmpdir(), 'yingyun-phone-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: '/usr/bin/chromium',
    viewport: { width: 390, height: 844 },
    deviceScaleFactor: 2,
    hasTouch: true,
    isMobile: true,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      // Pages are put together without GL: this machine has none but a software GL, through which no phone draws its page. WebGL stays on.
      '--disable-gpu-compositing',
      `--host-resolver-rules=MAP 127.0.0.1:${hospital.http} 127.0.0.1:${line.port}`,
      // Chromium caches nothing over a connection whose certificate error was waved through, so every worker would download the
      // decoder again. Pinning the demo's key makes it a good certificate, as a hospital's real one is. Needs a profile folder.
      `--ignore-certificate-errors-spki-list=${publicKeyPin(hospital.folder)}`,
    ],
  });
  const page = await context.newPage();
  const cdp = await context.newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: cpuSlowdown });
  return {
    context,
    page,
    line,
    async stop() {
      await context.close();
      await line.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** SHA-256 of the certificate's SubjectPublicKeyInfo, base64, as Chromium wants it. */
function publicKeyPin(folder) {
  const { publicKey } = new X509Certificate(readFileSync(path.join(folder, 'tls/certificate.pem')));
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}
