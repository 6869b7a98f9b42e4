// WeChat's calling convention: one object with success, fail and complete; without them, a promise. errMsg is "name:ok" or "name:fail why".

/** Why a call fails, in WeChat's words; `errno` where the documentation gives one. */
export class WxFail extends Error {
  constructor(reason, more = {}) {
    super(reason);
    this.more = more;
  }
}

/** @param work (options) → result object or promise of one; throws WxFail */
export function asyncCall(host, name, work) {
  return (options = {}) => {
    const outcome = (async () => work(options))().then(
      (result) => ({ isFine: true, answer: { errMsg: `${name}:ok`, ...result } }),
      (error) => ({ isFine: false, answer: { errMsg: `${name}:fail ${error.message}`, ...error.more } }),
    );
    const tell = ({ isFine, answer }) => {
      const told = isFine ? options.success : options.fail;
      if (typeof told === 'function') host.faults.guard(() => told(answer));
      if (typeof options.complete === 'function') host.faults.guard(() => options.complete(answer));
    };
    if (['success', 'fail', 'complete'].some((key) => typeof options?.[key] === 'function')) {
      outcome.then(tell);
      return undefined;
    }
    return outcome.then(({ isFine, answer }) => {
      if (isFine) return answer;
      throw answer;
    });
  };
}

/** A pair like onNetworkStatusChange / offNetworkStatusChange, and the way to tell its listeners. */
export function eventPair(host, name) {
  const listeners = new Set();
  return {
    calls: {
      [`on${name}`]: (listener) => void listeners.add(listener),
      [`off${name}`]: (listener) => void (listener === undefined ? listeners.clear() : listeners.delete(listener)),
    },
    tell: (value) => {
      for (const listener of [...listeners]) host.faults.guard(() => listener(value));
    },
  };
}
