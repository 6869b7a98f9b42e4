// The names that WeChat gives to a mini-program's JavaScript: App, Page, Component, getApp, getCurrentPages, WXWebAssembly …
import { languageNames } from './language-names.mjs';
import { plainEvent } from './plain-event.mjs';
import { wasmOf } from './wx-web-assembly.mjs';

export function createGivenNames(host) {
  const registered = new Set();
  let app;
  let definition;
  const call = (name, argument) => {
    if (typeof app?.[name] === 'function') host.faults.guard(() => app[name](argument));
  };
  const given = {
    registered,
    definePath: '',
    startApp(options) {
      if (app === undefined) throw new Error('app.js does not call App()');
      call('onLaunch', options);
      call('onShow', options);
    },
    setForeground(isForeground) {
      if (!isForeground) host.pages.hideTop();
      call(isForeground ? 'onShow' : 'onHide', isForeground ? host.launchOptions : undefined);
      host.wx.inside.system.tell(isForeground ? 'AppShow' : 'AppHide', isForeground ? host.launchOptions : {});
      if (isForeground) host.pages.showTop();
    },
    appError: (text) => call('onError', text),
    pageNotFound: (options) => call('onPageNotFound', options),
  };

  const register = (kind, options) => {
    const path = given.definePath;
    if (registered.has(path)) throw new Error(`${path}: ${kind}() called twice`);
    registered.add(path);
    const wrapped = wrapMethods(host, options, kind);
    host.space.componentEnv(path, (env) => env[kind](wrapped));
  };

  const names = {
    wx: host.wx.api,
    App(options) {
      if (definition !== undefined) throw new Error('App() called twice');
      definition = options;
      app = options;
    },
    Page: (options) => register('Page', options),
    Component: (options) => register('Component', options),
    Behavior: (options) =>
      host.space
        .behavior()
        .definition(wrapMethods(host, options, 'Component'))
        .register(),
    getApp: () => app,
    getCurrentPages: () => host.pages.callers(),
    requirePlugin(name) {
      host.faults.add(`requirePlugin(${name}): plugins are not part of this host`);
      throw new Error('plugins are not part of this host');
    },
    console,
    WXWebAssembly: host.settings.hasWebAssembly ? wasmOf(host) : undefined,
    setTimeout: (work, ...rest) => window.setTimeout(timed(host, work, 'setTimeout'), ...rest),
    setInterval: (work, ...rest) => window.setInterval(timed(host, work, 'setInterval'), ...rest),
    clearTimeout: (id) => window.clearTimeout(id),
    clearInterval: (id) => window.clearInterval(id),
  };
  names.globalThis = Object.fromEntries([
    ...languageNames.map((name) => [name, window[name]]),
    ...Object.entries(names),
  ]);
  names.Function = functionWithoutSource(names.globalThis);
  names.globalThis.Function = names.Function;
  names.globalThis.globalThis = names.globalThis;
  given.names = names;
  host.faults.errorListeners.add(given.appError);
  return given;
}

function timed(host, work, name) {
  if (typeof work === 'function') return work;
  host.faults.add(`${name} with a string: WeChat runs no code from text`);
  return () => undefined;
}

/** `x instanceof Function` works; making a function from text does not, except the one text WeChat allows: `return this`. */
function functionWithoutSource(global) {
  function SafeFunction(...texts) {
    if (texts.length === 1 && /^\s*return this;?\s*$/.test(texts[0])) return () => global;
    throw new EvalError('new Function is not available in a mini-program');
  }
  SafeFunction.prototype = Function.prototype;
  return SafeFunction;
}

/** Handlers get WeChat's plain event objects; setData gets what can cross between WeChat's two threads. */
function wrapMethods(host, options, kind) {
  const wrap = (method) =>
    function (...args) {
      return method.apply(
        this,
        args.map((arg) => plainEvent(host, arg)),
      );
    };
  const wrapAll = (methods) =>
    Object.fromEntries(
      Object.entries(methods).map(([name, value]) => [name, typeof value === 'function' ? wrap(value) : value]),
    );
  if (kind === 'Page') return wrapAll(options);
  return options.methods === undefined ? options : { ...options, methods: wrapAll(options.methods) };
}
