// Clipboard, login, scanning, vibration, screen.
import { asyncCall, WxFail } from './calling.mjs';

export function deviceCalls(host) {
  let clipboard = '';
  return {
    calls: {
      getRandomValues: asyncCall(host, 'getRandomValues', ({ length }) => {
        if (!Number.isInteger(length) || length < 1 || length > 1048576)
          throw new WxFail('length should be 1 to 1048576');
        const values = new Uint8Array(length);
        for (let at = 0; at < length; at += 65536) crypto.getRandomValues(values.subarray(at, at + 65536));
        return { randomValues: values.buffer };
      }),
      setClipboardData: asyncCall(host, 'setClipboardData', ({ data }) => {
        if (typeof data !== 'string') throw new WxFail('parameter error: parameter.data should be String');
        clipboard = data;
        host.overlays.showToast({ title: '内容已复制', icon: 'none', duration: 1500, kind: 'toast' });
      }),
      getClipboardData: asyncCall(host, 'getClipboardData', () => ({ data: clipboard })),
      login: asyncCall(host, 'login', () => ({ code: host.settings.loginCode })),
      checkSession: asyncCall(host, 'checkSession', () => ({})),
      scanCode: asyncCall(host, 'scanCode', () => {
        const result = host.settings.scanResult;
        if (result === undefined) throw new WxFail('cancel');
        return { result, scanType: 'QR_CODE', charSet: 'UTF-8', path: '' };
      }),
      vibrateShort: asyncCall(host, 'vibrateShort', () => ({})),
      vibrateLong: asyncCall(host, 'vibrateLong', () => ({})),
      setKeepScreenOn: asyncCall(host, 'setKeepScreenOn', () => ({})),
      hideKeyboard: asyncCall(host, 'hideKeyboard', () => document.activeElement?.blur()),
      makePhoneCall: asyncCall(host, 'makePhoneCall', () => ({})),
      requirePrivacyAuthorize: asyncCall(host, 'requirePrivacyAuthorize', () => ({})),
      getPrivacySetting: asyncCall(host, 'getPrivacySetting', () => ({
        needAuthorization: false,
        privacyContractName: '',
      })),
      requestSubscribeMessage: asyncCall(host, 'requestSubscribeMessage', ({ tmplIds }) =>
        Object.fromEntries(tmplIds.map((id) => [id, 'accept'])),
      ),
    },
    name: 'device',
    door: { clipboard: () => clipboard },
  };
}
