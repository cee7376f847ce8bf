import { z } from 'zod';

/** Characters that no store keeps faithfully: NUL (PostgreSQL refuses it) and halves of surrogate pairs. */
const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

/** An id of the sender's: 1 to 128 characters, unique within the business, otherwise opaque. */
export const Id = z.string().min(1).max(128).refine(isStorable, 'must not contain NUL or lone surrogates');

/**
 * Text that a person wrote. NUL and lone surrogates become U+FFFD instead of being refused:
 * a customer's message must not be lost over one broken character.
 */
export const Text = z.string().transform((text) => text.toWellFormed().replaceAll('\u0000', '\uFFFD'));

/** A name of a person, group or business: one line, at most 200 characters, never blank. */
export const Name = Text.transform((text) => text.replace(/\s+/gu, ' ').trim()).pipe(z.string().min(1).max(200));

/** An email address, compared without regard to case. */
export const Email = z.string().trim().max(254).pipe(z.email());

/** Date, hour and zone; seconds and their fractions, and the zone's colon and minutes, may be left out. */
const ISO_8601 = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(:\d{2}(?:[.,]\d+)?)?(?:(Z)|([+-]\d{2}):?(\d{2})?)$/i;

/**
 * ISO 8601 with a zone, for example `2026-11-23T08:00:00Z`, as its full form. What libraries print differs: some
 * leave out seconds that are zero, or the colon of the zone.
 */
export const Timestamp = z
  .string()
  .transform((text) => {
    const [, date, minutes, seconds = ':00', utc, hours, rest = '00'] = ISO_8601.exec(text.trim()) ?? [];
    return date === undefined
      ? text
      : `${date}T${minutes}${seconds.replace(',', '.')}${utc ? 'Z' : `${hours}:${rest}`}`;
  })
  .pipe(z.iso.datetime({ offset: true, error: 'must be ISO 8601 with a zone, for example 2026-11-23T08:00:00Z' }));

/**
 * An array of at most so many items, whose number is checked before the first of them is: a body may hold a hundred
 * thousand.
 */
export const atMost = <Item extends z.ZodType>(most: number, item: Item) =>
  z.preprocess((given, context) => {
    if (!Array.isArray(given) || given.length <= most) return given;
    context.addIssue({ code: 'custom', message: `must be at most ${most}` });
    return z.NEVER;
  }, z.array(item).max(most));
