export function subsetViolations(_sql: string): string[] {
  return [];
}
