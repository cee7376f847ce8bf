import { z } from 'zod';
import { hasVisibleCharacter, oneLine, replaceUnsafe } from './text.ts';

const isSafe = (text: string): boolean => replaceUnsafe(text) === text;

/** An id of the sender's: 1 to 128 characters, unique within the business, otherwise opaque. */
export const Id = z
  .string()
  .min(1)
  .max(128)
  .refine(isSafe, 'must not contain NUL, lone surrogates or Unicode noncharacters');

/**
 * Text that a person wrote. Characters that cannot be passed on become U+FFFD instead of being refused:
 * a customer's message must not be lost over one broken character.
 */
export const Text = z.string().transform(replaceUnsafe);

/** A name of a person, group or business: one line, at most 200 characters, of which one can be seen. */
export const Name = Text.transform(oneLine).pipe(
  z.string().max(200).refine(hasVisibleCharacter, 'must have a visible character'),
);

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
