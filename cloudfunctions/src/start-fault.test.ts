import { describe, expect, it } from 'vitest';
import { readSettings } from './config/settings';
import { listenFault, startFault } from './start-fault';

const settings = readSettings({
  YINGYUN_DICOM: '104',
  YINGYUN_TLS_CERT: '/a/cert.pem',
  YINGYUN_TLS_KEY: '/a/key.pem',
  YINGYUN_DICOM_TLS: '2762',
  YINGYUN_DICOM_TLS_CLIENT_CA: '/a/ca.pem',
});
const coded = (code: string, more: object = {}) => Object.assign(new Error('words'), { code, ...more });

describe('what a person is told when the server does not start', () => {
  it.each([
    ['a taken port', coded('EADDRINUSE', { port: 104 }), 'YINGYUN_DICOM'],
    [
      'a database that does not listen, as the database layer wraps it',
      wrapped('ECONNREFUSED'),
      'YINGYUN_DATABASE_URL',
    ],
    ['a database that refuses the password', wrapped('28P01'), 'YINGYUN_DATABASE_URL'],
    ['a database host without an address', wrapped('ENOTFOUND'), 'YINGYUN_DATABASE_URL'],
    ['a certificate that is not there', coded('ENOENT', { path: '/a/cert.pem' }), 'YINGYUN_TLS_CERT'],
    ['a taken port of DICOM over TLS', coded('EADDRINUSE', { port: 2762 }), 'YINGYUN_DICOM_TLS'],
    ['an authority that is not there', coded('ENOENT', { path: '/a/ca.pem' }), 'YINGYUN_DICOM_TLS_CLIENT_CA'],
    ['a key that is none', coded('ERR_OSSL_PEM_NO_START_LINE'), 'YINGYUN_TLS_KEY'],
    ['a full disk', coded('ENOSPC'), '磁盘空间不足'],
  ])('%s', (_, cause, word) => {
    const fault = startFault(cause, settings);
    expect(fault.message).toContain(word);
    expect(fault.message).not.toContain('select');
    expect(fault.isBug).toBe(false);
  });

  it('names YINGYUN_HOST where its address is not ours', () => {
    expect(listenFault(coded('EADDRNOTAVAIL'), settings).message).toContain('YINGYUN_HOST');
    expect(listenFault(coded('EADDRINUSE', { port: 104 }), settings).message).toContain('YINGYUN_DICOM');
  });

  it('shows the stack of a bug alone', () => {
    expect(startFault(new TypeError('x is not a function'), settings)).toEqual({
      message: '启动失败：x is not a function',
      isBug: true,
    });
  });
});

/** As Drizzle throws it: the statement in the message, the driver's error as the cause. */
function wrapped(code: string): Error {
  return new Error('Failed query: select 1\nparams: ', { cause: coded(code) });
}
