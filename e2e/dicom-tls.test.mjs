// DICOM over TLS as a hospital sets it up: dcmtk's storescu with a certificate of the hospital's authority gets in, a stranger does not.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort, startOurs } from './support/server-process.mjs';

describe('a PACS that speaks DICOM over TLS', { timeout: 90_000 }, () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'yingyun-dicom-tls-'));
  const at = (name) => path.join(work, name);
  const openssl = (...args) => execFileSync('openssl', args, { stdio: 'ignore' });
  const authority = (name) =>
    openssl(
      ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', `/CN=${name}`],
      ...['-keyout', at(`${name}.key`), '-out', at(`${name}.pem`)],
    );
  const certificate = (name, ca) => {
    writeFileSync(at('extensions'), 'subjectAltName=IP:127.0.0.1\n');
    openssl(
      ...['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`],
      ...['-keyout', at(`${name}.key`), '-out', at(`${name}.csr`)],
    );
    openssl(
      ...['x509', '-req', '-in', at(`${name}.csr`), '-days', '2', '-extfile', at('extensions')],
      ...['-CA', at(`${ca}.pem`), '-CAkey', at(`${ca}.key`), '-CAcreateserial', '-out', at(`${name}.pem`)],
    );
  };
  const dicom = (sop) => {
    writeFileSync(
      at('image.dump'),
      [
        '(0008,0016) UI [1.2.840.10008.5.1.4.1.1.7]',
        `(0008,0018) UI [2.25.${sop}]`,
        '(0008,0060) CS [OT]',
        '(0010,0010) PN [TEST^TLS]',
        '(0010,0020) LO [TLS1]',
        '(0020,000d) UI [2.25.1001]',
        '(0020,000e) UI [2.25.1002]',
        '(0028,0002) US 1',
        '(0028,0004) CS [MONOCHROME2]',
        '(0028,0010) US 2',
        '(0028,0011) US 2',
        '(0028,0100) US 8',
        '(0028,0101) US 8',
        '(0028,0102) US 7',
        '(0028,0103) US 0',
        '(7fe0,0010) OB 00\\40\\80\\ff',
      ].join('\n'),
    );
    execFileSync('dump2dcm', [at('image.dump'), at(`${sop}.dcm`)]);
    return at(`${sop}.dcm`);
  };
  let server;
  let port;
  const send = (port_, file, ...tls) =>
    spawnSync('storescu', [...tls, '-aec', 'YINGYUN', '127.0.0.1', String(port_), file], {
      encoding: 'utf8',
      timeout: 30_000,
      env: { ...process.env, TCP_NODELAY: '1' },
    }).status;
  const as = (name) => ['+tls', at(`${name}.key`), at(`${name}.pem`), '+cf', at('hospital.pem')];

  beforeAll(async () => {
    authority('hospital');
    authority('elsewhere');
    certificate('server', 'hospital');
    certificate('pacs', 'hospital');
    certificate('stranger', 'elsewhere');
    copyFileSync(at('hospital.pem'), at('clients.pem'));
    port = await freePort();
    server = await startOurs({
      env: {
        YINGYUN_DICOM_TLS: String(port),
        YINGYUN_DICOM_TLS_CERT: at('server.pem'),
        YINGYUN_DICOM_TLS_KEY: at('server.key'),
        YINGYUN_DICOM_TLS_CLIENT_CA: at('clients.pem'),
      },
    });
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    rmSync(work, { recursive: true, force: true });
  });

  it('refuses an unknown certificate, none at all, and plain DICOM', () => {
    const file = dicom(2001);
    expect(send(port, file, ...as('stranger'))).not.toBe(0);
    expect(send(port, file, '+tla', '+cf', at('hospital.pem'))).not.toBe(0);
    expect(send(port, file)).not.toBe(0);
  });

  it('stores what a known certificate sends, and goes on in plain on the other port', async () => {
    expect(send(port, dicom(2002), ...as('pacs'))).toBe(0);
    expect(send(server.dicom, dicom(2003))).toBe(0);
    for (let i = 0; (await server.instances()).verified !== 2; i++) {
      if (i > 300) throw new Error(JSON.stringify(await server.instances()));
      await delay(100);
    }
    expect(await server.instances()).toMatchObject({ verified: 2 });
  });

  it('lets in by another authority as soon as its file says so, and by a file without one as before', async () => {
    const becomes = async (name, isIn) => {
      for (let i = 0; (send(port, dicom(2004), ...as(name)) === 0) !== isIn; i++) {
        if (i > 60) throw new Error(`${name} is ${isIn ? 'not let in' : 'let in'}`);
        await delay(250);
      }
    };
    copyFileSync(at('elsewhere.pem'), at('clients.pem'));
    await becomes('stranger', true);
    await becomes('pacs', false);
    writeFileSync(at('clients.pem'), 'no certificate');
    await delay(6000);
    await becomes('stranger', true);
  });

  it('listens in plain nowhere where that is switched off', async () => {
    const secure = await freePort();
    const only = await startOurs({
      env: {
        YINGYUN_DICOM: 'off',
        YINGYUN_DICOM_TLS: String(secure),
        YINGYUN_DICOM_TLS_CERT: at('server.pem'),
        YINGYUN_DICOM_TLS_KEY: at('server.key'),
      },
    });
    try {
      expect(send(secure, dicom(2005), '+tla', '+cf', at('hospital.pem'))).toBe(0);
      expect(send(secure, dicom(2006))).not.toBe(0);
      expect(send(only.dicom, dicom(2006))).not.toBe(0);
      expect(send(11112, dicom(2006))).not.toBe(0);
    } finally {
      await only.stop();
    }
  });
});
