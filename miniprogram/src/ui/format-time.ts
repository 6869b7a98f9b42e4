/**
 * Times as people read them. Instants (ISO 8601 UTC) are shown in China's one zone, wherever the phone is; the time of an
 * examination comes without zone and is shown as it stands.
 */
const shanghaiOffsetMs = 8 * 3600_000;

/** "2026-03-01T00:30:00Z" → "2026年3月1日 08:30"; '' where it isn't a time. */
export function instantWords(isoUtc: string): string {
  const at = Date.parse(isoUtc);
  if (Number.isNaN(at)) return '';
  return examWords(new Date(at + shanghaiOffsetMs).toISOString());
}

/** "2026-03-01T08:30:00" → "2026年3月1日 08:30", "2026-03-01" → "2026年3月1日"; '' where it is neither. */
export function examWords(isoLocal: string): string {
  const parts = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2}))?/.exec(isoLocal);
  if (parts === null) return '';
  const day = `${parts[1]}年${Number(parts[2])}月${Number(parts[3])}日`;
  return parts[4] === undefined ? day : `${day} ${parts[4]}`;
}

/** The year of an examination, '' where it has none. */
export function examYear(isoLocal: string): string {
  return /^(\d{4})-/.exec(isoLocal)?.[1] ?? '';
}

/** How long is left until an instant: "3 天", "5 小时", "12 分钟", "已到期". */
export function remainingWords(isoUtc: string, nowMs: number): string {
  const minutes = Math.floor((Date.parse(isoUtc) - nowMs) / 60_000);
  if (!(minutes >= 0)) return '已到期';
  if (minutes >= 1440) return `${Math.floor(minutes / 1440)} 天`;
  if (minutes >= 60) return `${Math.floor(minutes / 60)} 小时`;
  return `${Math.max(1, minutes)} 分钟`;
}

/** "045Y" → "45 岁", "008M" → "8 个月" (PS3.5 6.2, VR AS); '' for what is no age, "000Y" among it. */
export function ageWords(age: string): string {
  const parts = /^0*(\d+)([YMWD])$/.exec(age);
  if (parts === null || parts[0] === '000Y') return '';
  const units: Readonly<Record<string, string>> = { Y: '岁', M: '个月', W: '周', D: '天' };
  return `${parts[1]} ${units[parts[2] ?? 'Y']}`;
}
