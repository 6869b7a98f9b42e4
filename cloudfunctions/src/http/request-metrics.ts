const bucketSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

interface Series {
  readonly buckets: number[];
  sum: number;
  count: number;
}

export interface RequestMetrics {
  /** `route` is a name from the contract or of a page, never a path. */
  observe(route: string, status: number, seconds: number): void;
  /** Prometheus text format 0.0.4. */
  text(): string;
}

/** Durations of requests by route and status class. */
export function createRequestMetrics(): RequestMetrics {
  const all = new Map<string, Series>();
  return {
    observe(route, status, seconds) {
      const labels = `route="${route}",status="${Math.floor(status / 100)}xx"`;
      const series = all.get(labels) ?? { buckets: bucketSeconds.map(() => 0), sum: 0, count: 0 };
      all.set(labels, series);
      series.sum += seconds;
      series.count += 1;
      bucketSeconds.forEach((limit, i) => {
        if (seconds <= limit) series.buckets[i] = (series.buckets[i] ?? 0) + 1;
      });
    },
    text() {
      const name = 'yingyun_http_request_duration_seconds';
      const lines = [`# HELP ${name} Time from a request's head to the end of its answer.`, `# TYPE ${name} histogram`];
      for (const [labels, { buckets, sum, count }] of all) {
        buckets.forEach((value, i) => {
          lines.push(`${name}_bucket{${labels},le="${bucketSeconds[i]}"} ${value}`);
        });
        lines.push(`${name}_bucket{${labels},le="+Inf"} ${count}`);
        lines.push(`${name}_sum{${labels}} ${sum}`, `${name}_count{${labels}} ${count}`);
      }
      return `${lines.join('\n')}\n`;
    },
  };
}
