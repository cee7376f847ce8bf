import { createHash } from 'node:crypto';

/** Our ids end at 128 characters; a foreign one longer than this leaves no room for what stands before it. */
const LONGEST_PART = 100;

/** A hash of a text, as 32 hex digits: enough to tell ids apart, short enough to be part of one. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** What our ids cannot hold: they are stored as UTF-8, without NUL. */
const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\u0000');

/** A foreign id as it is, or as its hash where it is too long or cannot be stored. */
export const shortId = (id: string): string =>
  id.length > LONGEST_PART || !isStorable(id) ? `sha256:${digest(id)}` : id;

/** An id of a source: its prefix and the foreign parts, for example `cw:inbox:3`. At most 128 characters long. */
export const scoped = (prefix: string, ...parts: readonly string[]): string => `${prefix}:${shortId(parts.join(':'))}`;
