/** How a moment is told to a person: as an age while it is fresh, by day and hour after that. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export type Span = { unit: 'now' } | { unit: 'minute' | 'hour' | 'day'; count: number };

/** For whose eyes: by default the browser's language and zone. */
export interface Format {
  locale?: string;
  timeZone?: string;
}

/**
 * Whole minutes, hours or days between two moments (epoch milliseconds). A moment that lies ahead is
 * "now": this computer's clock and the server's never agree to the second.
 */
export function span(from: number, to: number): Span {
  const passed = to - from;
  if (passed < MINUTE) return { unit: 'now' };
  if (passed < HOUR) return { unit: 'minute', count: Math.floor(passed / MINUTE) };
  if (passed < DAY) return { unit: 'hour', count: Math.floor(passed / HOUR) };
  return { unit: 'day', count: Math.floor(passed / DAY) };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * A moment (epoch milliseconds) in the words of a language and zone. Making a formatter takes a third of a millisecond,
 * and a list of fifty needs fifty before it shows, so each is kept: for as long as the computer stays in its zone.
 */
export function written(at: number, { locale, timeZone }: Format, way: Intl.DateTimeFormatOptions): string {
  const options = { timeZone, ...way };
  const key = JSON.stringify([locale, options, new Date().getTimezoneOffset()]);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locale, options);
    formats.set(key, made);
  }
  return made.format(at);
}

const dayOf = (at: number, format: Format) => written(at, format, { dateStyle: 'short' });

/** "14:03" today, "Sat 14:03" within a week, "14 Nov, 14:03" beyond it; past or future (epoch milliseconds). */
export function clock(at: number, now: number, format: Format = {}): string {
  const part = (way: Intl.DateTimeFormatOptions) => written(at, format, way);
  const time = part({ timeStyle: 'short' });
  if (dayOf(at, format) === dayOf(now, format)) return time;
  // Six days, not seven, so that a weekday's name never means the day of last week that bears today's.
  const near = Math.abs(now - at) < 6 * DAY;
  return near ? `${part({ weekday: 'short' })} ${time}` : `${part({ day: 'numeric', month: 'short' })}, ${time}`;
}

/** "just now", "4 min", "3 h"; from a day on "Sat 16:42". `say` puts a span into words. */
export function age(at: number, now: number, say: (span: Span) => string, format: Format = {}): string {
  const passed = span(at, now);
  return passed.unit === 'day' ? clock(at, now, format) : say(passed);
}
