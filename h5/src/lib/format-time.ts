/**
 * Times as people in the hospital read them. Instants (ISO 8601 UTC) are shown in Asia/Shanghai, wherever the reader is; China
 * has one zone and no daylight saving since 1991. The time of an examination comes without zone and is shown as it stands.
 */
const shanghaiOffsetMs = 8 * 3600_000;

/** "2026-03-01T00:30:00Z" → "2026-03-01 08:30"; '' where it isn't a time. */
export function formatInstant(isoUtc: string): string {
  const at = Date.parse(isoUtc);
  if (Number.isNaN(at)) return '';
  return new Date(at + shanghaiOffsetMs).toISOString().slice(0, 16).replace('T', ' ');
}

/** "2026-03-01T08:30:00" → "2026-03-01 08:30", "2026-03-01" → "2026-03-01"; '' where it is neither. */
export function formatExamAt(isoLocal: string): string {
  const parts = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}))?/.exec(isoLocal);
  return parts === null ? '' : [parts[1], parts[2]].filter((part) => part !== undefined).join(' ');
}

/** How long is left until an instant: "3 天 2 小时", "5 小时", "12 分钟", "不足 1 分钟", "已到期". */
export function formatRemaining(isoUtc: string, now: Date): string {
  const minutes = Math.floor((Date.parse(isoUtc) - now.getTime()) / 60_000);
  if (!(minutes >= 0)) return '已到期';
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  if (days > 0) return hours > 0 ? `${days} 天 ${hours} 小时` : `${days} 天`;
  if (hours > 0) return `${hours} 小时`;
  return minutes > 0 ? `${minutes} 分钟` : '不足 1 分钟';
}
