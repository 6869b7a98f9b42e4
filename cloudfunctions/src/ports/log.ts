/** Structured log lines. Fields are UIDs, codes, counts and durations; never names, numbers or texts of a patient. */
export interface Log {
  info(event: string, fields?: Record<string, string | number | boolean>): void;
  warn(event: string, fields?: Record<string, string | number | boolean>): void;
  error(event: string, fields?: Record<string, string | number | boolean>, cause?: unknown): void;
}
