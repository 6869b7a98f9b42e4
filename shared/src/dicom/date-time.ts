/** DA (and the ACR-NEMA form with dots) to "2026-03-01"; '' where it isn't a date. PS3.5 6.2. */
export function isoDate(text: string): string {
  const match = /^(\d{4})[.-]?(\d{2})[.-]?(\d{2})$/.exec(text.trim());
  if (match === null) return '';
  const month = Number(match[2]);
  const day = Number(match[3]);
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? `${match[1]}-${match[2]}-${match[3]}` : '';
}

/** TM ("0830", "083000.123", "08:30:00") to "08:30:00"; '' where it isn't a time. */
export function isoTime(text: string): string {
  const match = /^(\d{2}):?(\d{2})?:?(\d{2})?(\.\d{1,6})?$/.exec(text.trim());
  if (match === null) return '';
  const [hours, minutes, seconds] = [match[1] ?? '', match[2] ?? '00', match[3] ?? '00'];
  // 60 is a leap second.
  return Number(hours) <= 23 && Number(minutes) <= 59 && Number(seconds) <= 60 ? `${hours}:${minutes}:${seconds}` : '';
}

/** Local date and time as the PACS stated them: "2026-03-01T08:30:00", "2026-03-01" where the time is unknown, '' without a date. */
export function isoDateTime(date: string, time: string): string {
  const day = isoDate(date);
  const hour = isoTime(time);
  return day === '' ? '' : hour === '' ? day : `${day}T${hour}`;
}

/** DT ("20260301083000.5+0800") to local ISO without its zone; '' where it isn't one. */
export function isoFromDt(text: string): string {
  const match = /^(\d{8})(\d{2,6})?(\.\d+)?([+-]\d{4})?$/.exec(text.trim());
  return match === null ? '' : isoDateTime(match[1] ?? '', match[2] ?? '');
}
