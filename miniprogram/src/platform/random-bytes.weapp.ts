/** What WeChat offers instead of `crypto`; Taro's types don't know it. */
declare const wx: {
  getRandomValues(options: {
    length: number;
    success(result: { randomValues: ArrayBuffer }): void;
    fail(cause: unknown): void;
  }): void;
};

/** Bytes from WeChat's generator. Rejects where the base library has none. */
export function randomBytes(count: number): Promise<number[]> {
  return new Promise((resolve, reject) => {
    wx.getRandomValues({
      length: count,
      success: ({ randomValues }) => resolve(Array.from(new Uint8Array(randomValues))),
      fail: reject,
    });
  });
}
