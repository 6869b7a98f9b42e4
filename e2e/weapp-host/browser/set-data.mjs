// setData crosses from the logic thread to the view as JSON: what JSON can't carry is lost, and 1 MB at once is the limit.
// https://developers.weixin.qq.com/miniprogram/dev/framework/performance/tips/runtime_setData.html
const limit = 1024 * 1024;

export function checkSetData(host, caller) {
  const setData = caller.setData;
  caller.setData = function (data, done) {
    if (data === null || typeof data !== 'object') throw new TypeError('setData: an object is expected');
    for (const [key, value] of Object.entries(data))
      if (typeof value === 'function') host.faults.add(`setData: ${key} is a function, which cannot reach the view`);
    const text = JSON.stringify(data, (_, value) => (value === undefined ? null : value));
    if (text.length > limit) host.faults.add(`setData of ${text.length} characters; the limit is ${limit}`);
    const back = done === undefined ? undefined : () => host.faults.guard(() => done.call(this));
    return setData.call(this, JSON.parse(text), back);
  };
}
