// The `wx` object. What WeChat documents and this host doesn't have, fails the test by name; what WeChat doesn't document is undefined.

import { canvasCalls } from './canvas.mjs';
import { deviceCalls } from './device.mjs';
import { fileCalls } from './files.mjs';
import { interactionCalls } from './interaction.mjs';
import { navigationCalls } from './navigation.mjs';
import { networkCalls } from './network.mjs';
import { queryCalls } from './selector-query.mjs';
import { storageCalls } from './storage.mjs';
import { systemCalls } from './system.mjs';

export function createWx(host) {
  const inside = {};
  const known = {};
  host.wx = { inside, api: undefined };
  for (const make of [
    systemCalls,
    storageCalls,
    fileCalls,
    networkCalls,
    navigationCalls,
    interactionCalls,
    queryCalls,
    canvasCalls,
    deviceCalls,
  ]) {
    const { calls, name, door } = make(host);
    Object.assign(known, calls);
    if (name !== undefined) inside[name] = door;
  }
  known.canIUse = (schema) => {
    const [first, second] = String(schema).split('.');
    return first in known && second !== 'object';
  };
  const documented = new Set(host.program.documented);
  const own = {};
  host.wx.api = new Proxy(known, {
    get(_, name) {
      if (name in own) return own[name];
      if (name in known || typeof name === 'symbol') return known[name];
      if (!documented.has(name)) return undefined;
      return () => {
        host.faults.add(`wx.${name} is called, and this host does not have it`);
        throw new Error(`wx.${name} is not part of this host`);
      };
    },
    // Taro's bundle keeps its chunks in wx.webpackJsonp.
    set(_, name, value) {
      own[name] = value;
      return true;
    },
    has: (_, name) => name in own || name in known,
  });
  return host.wx;
}
