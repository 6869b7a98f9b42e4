/** Where a time names no zone: minutes east of UTC. China has one zone, without daylight saving time since 1992. */
export const shanghaiOffsetMinutes = 480;

/**
 * HL7 TS/DTM (2.A.22): `YYYY[MM[DD[HH[MM[SS[.S[S[S[S]]]]]]]]][+/-ZZZZ]`. Undefined where it is empty, malformed or no date of the
 * calendar.
 */
export function readInstant(text: string, defaultOffsetMinutes: number): Date | undefined {
  const match = /^(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:\.(\d{1,4}))?([+-])?(\d\d)?(\d\d)?$/.exec(text);
  if (match === null) return undefined;
  const [
    ,
    year,
    month = '01',
    day = '01',
    hour = '00',
    minute = '00',
    second = '00',
    fraction = '',
    sign,
    zoneHour,
    zoneMinute,
  ] = match;
  if ((sign === undefined) !== (zoneHour === undefined && zoneMinute === undefined)) return undefined;
  const milliseconds = fraction === '' ? 0 : Math.trunc(Number(`0.${fraction}`) * 1000);
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    milliseconds,
  );
  const date = new Date(local);
  const isOfCalendar =
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    Number(hour) < 24 &&
    Number(minute) < 60 &&
    Number(second) < 60;
  if (!isOfCalendar) return undefined;
  const offset =
    sign === undefined
      ? defaultOffsetMinutes
      : (sign === '-' ? -1 : 1) * (Number(zoneHour ?? '0') * 60 + Number(zoneMinute ?? '0'));
  return new Date(local - offset * 60_000);
}

/** The other way, in UTC, to the second. */
export function writeInstant(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace(/[-:T]/g, '')}+0000`;
}
