import { z } from 'zod';
import { cutTo, hasVisibleCharacter, oneLine, replaceUnsafe } from './text.ts';

const isSafe = (text: string): boolean => replaceUnsafe(text) === text;

/**
 * An id of the sender's: 1 to 128 characters, unique within the business, otherwise opaque. Ids stand in paths, where
 * `.` and `..`, encoded or not, name other paths (RFC 3986, section 5.2.4; WHATWG URL, "double-dot URL path segment").
 */
export const Id = z
  .string()
  .min(1)
  .max(128)
  .refine(isSafe, 'must not contain NUL, lone surrogates or Unicode noncharacters')
  .refine((id) => id !== '.' && id !== '..', 'must not be a dot segment');

/** The channel a conversation runs over: one lower-case word. Any word works; channels.ts has the known ones. */
export const Channel = z
  .string()
  .max(32)
  .regex(/^[a-z][a-z0-9_-]*$/, 'must be a lower-case word');
export type Channel = z.infer<typeof Channel>;

/**
 * Text that a person wrote. Characters that cannot be passed on become U+FFFD instead of being refused:
 * a customer's message must not be lost over one broken character.
 */
export const Text = z.string().transform(replaceUnsafe);

/**
 * What only decorates: one line, cut to so many UTF-16 units, for no event is worth losing over it; undefined where
 * nothing of it can be seen.
 */
export const Decoration = (length: number) =>
  Text.transform((text) => {
    const line = cutTo(oneLine(text), length);
    return hasVisibleCharacter(line) ? line : undefined;
  });

const NAME_LENGTH = 200;

/** A name of a person, group or business: one line, cut to 200 characters, of which one can be seen. */
export const Name = Text.transform((text) => cutTo(oneLine(text), NAME_LENGTH)).pipe(
  z.string().refine(hasVisibleCharacter, 'must have a visible character'),
);

/** The same of somebody who need not have one: undefined where nothing of it can be seen. */
export const OptionalName = Decoration(NAME_LENGTH);

/** Letters and digits of any script, with their marks. */
const LETTERS = '\\p{L}\\p{M}\\p{N}';
/** The dot-atom of RFC 5322, section 3.2.3, with the letters of RFC 6532. */
const ATOM = `[${LETTERS}!#$%&'*+/=?^_\`{|}~-]+`;
/** A label of a domain name, in any script (RFC 5890). */
const LABEL = `[${LETTERS}](?:[${LETTERS}-]{0,61}[${LETTERS}])?`;
const TOP_LABEL = `\\p{L}(?:[${LETTERS}-]{0,61}[${LETTERS}])`;
const ADDRESS = new RegExp(`^${ATOM}(?:\\.${ATOM})*@(?:${LABEL}\\.)+${TOP_LABEL}$`, 'u');

/** An email address, compared without regard to case. Its domain may be internationalised. */
export const Email = z
  .string()
  .trim()
  .max(254)
  .pipe(z.email({ pattern: ADDRESS }));

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
