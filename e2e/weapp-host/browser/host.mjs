// Puts the parts together: packages, component framework, pages, wx. One object, passed to whoever needs it; nothing at module level.

import { MiniProgramEnv } from '/host/adapter.mjs';
import { createBackend } from './backend.mjs';
import { defineBuiltIns } from './components/define-built-ins.mjs';
import { createFaults } from './faults.mjs';
import { createGivenNames } from './given-names.mjs';
import { createOverlays } from './overlays.mjs';
import { createPackages } from './packages.mjs';
import { createPageStack } from './page-stack.mjs';
import { createSystem } from './system.mjs';
import { createTouch } from './touch.mjs';
import { createWx } from './wx/create-wx.mjs';

export function createHost(program, screen) {
  const host = { program, settings: program.settings, screen };
  host.faults = createFaults();
  host.system = createSystem(host);
  host.backend = createBackend(host);
  host.env = new MiniProgramEnv();
  host.space = host.env.createCodeSpace('', true);
  defineBuiltIns(host);
  host.associated = host.env.associateBackend(host.backend);
  host.pages = createPageStack(host);
  host.overlays = createOverlays(host);
  host.wx = createWx(host);
  host.packages = createPackages(host);
  host.given = createGivenNames(host);
  createTouch(host);

  host.launch = async () => {
    await host.packages.load('');
    host.packages.require('app.js');
    const entry = host.settings.launch ?? {};
    const path = entry.path ?? host.program.app.entryPagePath ?? host.program.app.pages[0];
    const options = { path, query: entry.query ?? {}, scene: entry.scene ?? 1001, referrerInfo: {}, ...entry };
    host.launchOptions = options;
    host.given.startApp(options);
    await host.pages.reLaunch(path, options.query);
  };

  host.door = {
    isReady: false,
    definePackage: (root, names, run) => host.packages.definePackage(root, names, run),
    defineTemplates: (root, groups) => host.packages.defineTemplates(root, groups),
    faults: () => host.faults.list(),
    takeFaults: () => host.faults.take(),
    errors: () => host.faults.errors(),
    pageStack: () => host.pages.describe(),
    pageData: () => structuredClone(host.pages.top()?.caller.data ?? null),
    /** Names of the page on top's own fields that a test may look at. */
    pageField: (name) => structuredClone(host.pages.top()?.caller[name]),
    onWx: (name, listener) => host.wx.api[name](listener),
    callWx: (name, options) => host.wx.api[name](options),
    storage: () => host.wx.inside.storage.snapshot(),
    setNetwork: (type) => host.wx.inside.network.set(type),
    requests: () => host.wx.inside.network.log(),
    sheet: () => host.overlays.describe(),
    setForeground: (isForeground) => host.given.setForeground(isForeground),
    warnOfMemory: (level) => host.wx.inside.system.warnOfMemory(level),
    clipboard: () => host.wx.inside.device.clipboard(),
    album: () => host.wx.inside.files.album(),
    openedDocuments: () => host.wx.inside.files.openedDocuments(),
    userFiles: () => host.wx.inside.files.userFiles(),
    pullDown: () => host.pages.pullDown(),
    shareMessage: () => host.pages.shareMessage(),
  };
  return host;
}
