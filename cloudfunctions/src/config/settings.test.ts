import { describe, expect, it } from 'vitest';
import { readSettings, SettingsFault } from './settings';

const faultsOf = (env: Record<string, string>) => {
  try {
    readSettings(env);
    return [];
  } catch (fault) {
    if (fault instanceof SettingsFault) return fault.faults;
    throw fault;
  }
};

describe('the settings', () => {
  it('are the demo’s on this machine alone where nothing is set', () => {
    expect(readSettings({})).toMatchObject({
      profile: 'demo',
      host: '127.0.0.1',
      httpPort: 7001,
      dicomPort: 11112,
      mllpPort: 2575,
      peers: [],
      publicUrl: 'https://127.0.0.1:7001',
    });
  });

  it('name the hospital; only the demo has a name of its own, and only this machine sees metrics unless told otherwise', () => {
    expect(readSettings({})).toMatchObject({ hospitalName: '影云示范医院', operations: 'local' });
    expect(readSettings({ YINGYUN_HOSPITAL_NAME: ' 市一医院 ' }).hospitalName).toBe('市一医院');
    expect(readSettings({}).unreportedAfterMs).toBe(60_000);
    expect(readSettings({ YINGYUN_UNREPORTED_MINUTES: '1440' }).unreportedAfterMs).toBe(86_400_000);
    expect(readSettings({ YINGYUN_UNREPORTED_MINUTES: 'never' }).unreportedAfterMs).toBeNull();
    expect(() => readSettings({ YINGYUN_UNREPORTED_MINUTES: 'soon' })).toThrow('须为分钟数或 never');
    expect(readSettings({ YINGYUN_OPERATIONS: 'public' }).operations).toBe('public');
    expect(faultsOf({ YINGYUN_HOSPITAL_NAME: ' ', YINGYUN_OPERATIONS: 'yes' })).toHaveLength(2);
    expect(faultsOf({ YINGYUN_PROFILE: 'hospital' })).toContainEqual(expect.stringContaining('YINGYUN_HOSPITAL_NAME'));
  });

  it('refuse a variable that nobody reads: a slip of the pen must not start another profile', () => {
    expect(faultsOf({ YINGYUN_PROFIL: 'hospital' })).toEqual([expect.stringContaining('YINGYUN_PROFIL：')]);
    expect(faultsOf({ YINGYUN_TESTDATA: '/data', PATH: '/bin' })).toEqual([]);
  });

  it('take peers as AE@IP, the AE title with any character but blanks', () => {
    expect(readSettings({ YINGYUN_PEERS: 'PACS1@10.0.0.5, CT@fe80::1' }).peers).toEqual([
      { aeTitle: 'PACS1', address: '10.0.0.5' },
      { aeTitle: 'CT', address: 'fe80::1' },
    ]);
    expect(faultsOf({ YINGYUN_PEERS: 'PACS1,CT@pacs.local' })).toHaveLength(2);
  });

  it('switch the plain DICOM port off beside one over TLS, and not without', () => {
    expect(readSettings({ YINGYUN_DICOM: 'off', YINGYUN_DICOM_TLS: '2762' }).dicomPort).toBeNull();
    expect(faultsOf({ YINGYUN_DICOM: 'off' })).toEqual([expect.stringContaining('YINGYUN_DICOM：off')]);
    expect(faultsOf({ YINGYUN_DICOM: 'none' })).toEqual([expect.stringContaining('须为端口号或 off')]);
  });

  it('open DICOM over TLS on a port of its own, with the certificate of HTTPS or another', () => {
    expect(readSettings({}).dicomTls).toBeUndefined();
    expect(readSettings({ YINGYUN_DICOM_TLS: '2762' }).dicomTls).toEqual({
      port: 2762,
      certificate: undefined,
      clientCaFile: undefined,
    });
    const https = { YINGYUN_TLS_CERT: '/a.pem', YINGYUN_TLS_KEY: '/a.key', YINGYUN_DICOM_TLS: '2762' };
    expect(readSettings(https).dicomTls?.certificate).toEqual({ certFile: '/a.pem', keyFile: '/a.key' });
    const own = { YINGYUN_DICOM_TLS_CERT: '/d.pem', YINGYUN_DICOM_TLS_KEY: '/d.key' };
    expect(readSettings({ ...https, ...own }).dicomTls?.certificate?.certFile).toBe('/d.pem');
    expect(faultsOf({ YINGYUN_DICOM_TLS: '2762', YINGYUN_DICOM_TLS_KEY: '/d.key' })).toHaveLength(1);
    expect(faultsOf({ YINGYUN_DICOM_TLS_CLIENT_CA: '/ca.pem' })).toEqual([
      expect.stringContaining('YINGYUN_DICOM_TLS '),
    ]);
  });

  it('take trusted proxies as addresses and CIDR blocks; none is trusted by itself', () => {
    expect(readSettings({}).trustedProxies).toEqual([]);
    expect(readSettings({ YINGYUN_TRUSTED_PROXIES: '10.0.0.5, fd00::/8' }).trustedProxies).toMatchObject([
      { address: '10.0.0.5', prefix: 32 },
      { address: 'fd00::', prefix: 8 },
    ]);
    expect(faultsOf({ YINGYUN_TRUSTED_PROXIES: '10.0.0.5,proxy.local,10.0.0.0/40' })).toHaveLength(2);
  });

  it('take an SMS gateway by https address and key, both or neither; only the demo does without', () => {
    const key = 'k'.repeat(32);
    expect(readSettings({}).textMessages).toBe('console');
    const url = 'https://sms.hospital.cn:8443/send?app=yingyun';
    expect(readSettings({ YINGYUN_SMS_URL: url, YINGYUN_SMS_KEY: key }).textMessages).toEqual({ url, key });
    for (const wrong of [
      'http://sms.hospital.cn/',
      'https://user:secret@sms.hospital.cn/',
      'sms.hospital.cn',
      'https://a b/',
    ]) {
      expect(faultsOf({ YINGYUN_SMS_URL: wrong, YINGYUN_SMS_KEY: key }), wrong).toHaveLength(1);
    }
    expect(faultsOf({ YINGYUN_SMS_URL: url, YINGYUN_SMS_KEY: 'short' })).toEqual([expect.stringContaining('32')]);
    expect(faultsOf({ YINGYUN_SMS_URL: url })).toEqual([expect.stringContaining('YINGYUN_SMS_KEY')]);
    expect(faultsOf({ YINGYUN_PROFILE: 'hospital' })).toContainEqual(expect.stringContaining('控制台短信'));
  });
});
