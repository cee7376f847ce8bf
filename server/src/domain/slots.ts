/**
 * When emails are due: Monday to Saturday at 08:00, 11:00, 14:00 and 17:00 in the business's time zone.
 * A slot is known by its local date and hour, so that it stays the same slot whatever the clocks do.
 */
import { Cron } from 'croner';

export const SLOT_PATTERN = '0 8,11,14,17 * * 1-6';

/** One scheduled email time of one business. */
export interface Slot {
  /** Local date, `2026-11-23`. */
  date: string;
  /** Local hour, `08:00`. */
  time: string;
  /** Epoch milliseconds. */
  at: number;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Year to minute as the wall clock in a zone shows them; making a formatter is slow, so each zone's is kept. */
function wallClock(timeZone: string, at: number): Record<string, string> {
  let format = clocks.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'longOffset',
    });
    clocks.set(timeZone, format);
  }
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

const slotAt = (timeZone: string, at: number): Slot => {
  const { year, month, day, hour, minute } = wallClock(timeZone, at);
  return { date: `${year}-${month}-${day}`, time: `${hour}:${minute}`, at };
};

/** Paused, a Cron only calculates: it starts no timer. */
const calendar = (timeZone: string): Cron => new Cron(SLOT_PATTERN, { timezone: timeZone, paused: true });

/**
 * The slots after one moment, up to and including another, oldest first.
 * @param timeZone an IANA zone; an empty one would silently be the server's own
 * @param after epoch milliseconds, excluded
 * @param upTo epoch milliseconds, included
 */
export function slotsBetween(timeZone: string, after: number, upTo: number): Slot[] {
  if (timeZone === '') throw new RangeError('A business without a time zone has no slots.');
  const cron = calendar(timeZone);
  const slots: Slot[] = [];
  for (let next = cron.nextRun(new Date(after)); next && next.getTime() <= upTo; next = cron.nextRun(next)) {
    slots.push(slotAt(timeZone, next.getTime()));
  }
  return slots;
}

/** The slot at a moment or, if there is none, the last one before it. */
export function slotAtOrBefore(timeZone: string, at: number): Slot {
  // From Saturday 17:00 to Monday 08:00 there is none for 39 hours; three days are always enough.
  const slot = slotsBetween(timeZone, at - 3 * 24 * 60 * 60 * 1000, at).at(-1);
  if (!slot) throw new RangeError(`${timeZone} had no slot in the three days before ${new Date(at).toISOString()}.`);
  return slot;
}

/** A moment as ISO 8601 with the zone's offset: `2026-11-23T08:00:00+01:00`. */
export function isoInZone(timeZone: string, at: number): string {
  const { year, month, day, hour, minute, timeZoneName = 'GMT' } = wallClock(timeZone, at);
  const seconds = new Date(at).toISOString().slice(17, 19);
  const offset = timeZoneName === 'GMT' ? '+00:00' : timeZoneName.replace('GMT', '');
  return `${year}-${month}-${day}T${hour}:${minute}:${seconds}${offset}`;
}
