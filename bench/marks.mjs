/** Milliseconds from the start of the navigation to one of the viewer's marks. */
export function marked(page, name) {
  return page.evaluate(
    (wanted) =>
      new Promise((resolve, reject) => {
        const found = () => performance.getEntriesByName(wanted)[0]?.startTime;
        if (found() !== undefined) return resolve(found());
        new PerformanceObserver(() => found() !== undefined && resolve(found())).observe({ entryTypes: ['mark'] });
        setTimeout(() => reject(new Error(`no mark ${wanted}`)), 60_000);
      }),
    `yingyun:${name}`,
  );
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
