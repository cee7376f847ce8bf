/**
 * Whether `zone` is an IANA time zone, such as `Europe/Berlin` or `UTC`. Offsets (`+01:00`) are none: they know
 * no daylight saving. The empty string is refused by itself, because schedulers take it for the machine's zone.
 */
export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
