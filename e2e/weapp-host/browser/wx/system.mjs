// What the phone and WeChat are: sizes, versions, launch options, errors, memory warnings.
import { asyncCall, eventPair } from './calling.mjs';

export function systemCalls(host) {
  const { system } = host;
  const pairs = Object.fromEntries(
    [
      'AppShow',
      'AppHide',
      'Error',
      'UnhandledRejection',
      'PageNotFound',
      'MemoryWarning',
      'ThemeChange',
      'WindowResize',
      'KeyboardHeightChange',
    ].map((name) => [name, eventPair(host, name)]),
  );
  host.faults.errorListeners.add((text) => pairs.Error.tell(text));
  const isCustom = () => {
    const page = host.pages.top();
    return { ...host.program.app.window, ...host.program.configs[page?.path] }.navigationStyle === 'custom';
  };
  const barHeight = () => (isCustom() ? 0 : system.statusBarHeight + system.navigationBarHeight);
  const windowInfo = () => ({
    pixelRatio: system.pixelRatio,
    screenWidth: system.width,
    screenHeight: system.height,
    windowWidth: system.width,
    windowHeight: host.pages.top()?.frame.height ?? system.height - barHeight(),
    statusBarHeight: system.statusBarHeight,
    screenTop: barHeight(),
    safeArea: {
      left: 0,
      right: system.width,
      top: system.statusBarHeight,
      bottom: system.height - 34,
      width: system.width,
      height: system.height - 34 - system.statusBarHeight,
    },
  });
  const deviceInfo = () => ({
    brand: 'iPhone',
    model: 'iPhone 14',
    system: 'iOS 17.0',
    platform: 'ios',
    benchmarkLevel: -1,
    memorySize: 6144,
    abi: '',
    deviceAbi: '',
  });
  const baseInfo = () => ({
    SDKVersion: '3.6.0',
    version: '8.0.50',
    language: 'zh_CN',
    theme: 'light',
    fontSizeSetting: host.settings.fontSizeSetting ?? 17,
    fontSizeScaleFactor: 1,
    enableDebug: false,
    host: { env: 'WeChat' },
  });
  const systemInfo = () => ({ ...windowInfo(), ...deviceInfo(), ...baseInfo() });
  return {
    calls: {
      getWindowInfo: windowInfo,
      getDeviceInfo: deviceInfo,
      getAppBaseInfo: baseInfo,
      getSystemInfoSync: systemInfo,
      getSystemInfo: asyncCall(host, 'getSystemInfo', systemInfo),
      getSystemInfoAsync: asyncCall(host, 'getSystemInfoAsync', systemInfo),
      getSystemSetting: () => ({
        bluetoothEnabled: false,
        locationEnabled: false,
        wifiEnabled: true,
        deviceOrientation: 'portrait',
      }),
      getAppAuthorizeSetting: () => ({ albumAuthorized: 'authorized', cameraAuthorized: 'authorized' }),
      getMenuButtonBoundingClientRect: () => ({
        width: 87,
        height: 32,
        top: 51,
        bottom: 83,
        left: system.width - 94,
        right: system.width - 7,
      }),
      getLaunchOptionsSync: () => host.launchOptions,
      getEnterOptionsSync: () => host.launchOptions,
      getAccountInfoSync: () => ({
        miniProgram: { appId: host.program.appId, envVersion: 'release', version: '1.0.0' },
      }),
      nextTick: (work) => void Promise.resolve().then(() => host.faults.guard(work)),
      getPerformance: () => ({
        now: () => performance.now(),
        getEntries: () => [],
        createObserver: () => ({ observe: () => undefined, disconnect: () => undefined }),
      }),
      getUpdateManager: () => ({
        onCheckForUpdate: () => undefined,
        onUpdateReady: () => undefined,
        onUpdateFailed: () => undefined,
        applyUpdate: () => undefined,
      }),
      getLogManager: () => ({ debug() {}, info() {}, log() {}, warn() {} }),
      getRealtimeLogManager: () => ({ info() {}, warn() {}, error() {}, setFilterMsg() {}, addFilterMsg() {} }),
      reportAnalytics: () => undefined,
      reportEvent: () => undefined,
      reportMonitor: () => undefined,
      reportPerformance: () => undefined,
      base64ToArrayBuffer: (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0)).buffer,
      arrayBufferToBase64: (buffer) =>
        btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('')),
      ...Object.assign({}, ...Object.values(pairs).map(({ calls }) => calls)),
    },
    name: 'system',
    door: {
      tell: (name, value) => pairs[name].tell(value),
      warnOfMemory: (level) => pairs.MemoryWarning.tell({ level }),
    },
  };
}
