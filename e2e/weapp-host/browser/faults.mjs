// Two kinds of trouble. A fault: the mini-program asked for something that WeChat refuses or this host does not know; no test may go on
// as if nothing were. An error: its own code threw.
import * as glassEasel from '/host/glass-easel.mjs';

export function createFaults() {
  let faults = [];
  const errors = [];
  const faultOnce = new Set();
  const api = {
    add(text) {
      if (faultOnce.has(text)) return;
      faultOnce.add(text);
      faults.push(text);
    },
    list: () => [...faults],
    /** The faults so far, which are then forgotten: for tests of the host itself. */
    take() {
      const taken = faults;
      faults = [];
      faultOnce.clear();
      return taken;
    },
    addError(error) {
      errors.push(error?.stack ?? String(error));
      for (const listener of api.errorListeners) listener(error?.stack ?? String(error));
    },
    errors: () => [...errors],
    errorListeners: new Set(),
    /** Runs a call-back of the mini-program; what it throws is the mini-program's error, not the host's. */
    guard(work) {
      try {
        return work();
      } catch (error) {
        api.addError(error);
        return undefined;
      }
    },
  };
  window.addEventListener('error', (event) => api.addError(event.error ?? event.message));
  window.addEventListener('unhandledrejection', (event) =>
    api.addError(`unhandled rejection: ${describe(event.reason)}`),
  );
  glassEasel.addGlobalErrorListener((error) => {
    api.addError(error);
    return false;
  });
  glassEasel.addGlobalWarningListener(() => false); // "not a valid property": WeChat ignores unknown attributes silently
  return api;
}

function describe(reason) {
  return reason?.stack ?? (typeof reason === 'object' ? JSON.stringify(reason) : String(reason));
}
