/** The parts that `translate` puts its result together from: each item of a request becomes one, and all are joined. */
import { IngestEvent } from '@converso/shared';
import type { FailedReply, Translated, Translation } from './source.ts';

const NOTHING: Translation = { events: [], aliases: [], failedReplies: [], skipped: [], unknown: [] };

/** What came of several items, in their order. */
export const joined = (parts: readonly Translation[]): Translation => ({
  events: parts.flatMap((part) => part.events),
  aliases: parts.flatMap((part) => part.aliases),
  failedReplies: parts.flatMap((part) => part.failedReplies),
  skipped: parts.flatMap((part) => part.skipped),
  unknown: parts.flatMap((part) => part.unknown),
});

/** A reason may hold a word of the sender's (a kind of message); anything else than short words is not repeated. */
const reasonWords = (reason: string): string => (/^[\w .,:[\]-]{1,80}$/.test(reason) ? reason : 'unnamed');

/** Something that is understood and needs nothing. */
export const ignored = (reason: string): Translation => ({
  ...NOTHING,
  skipped: [{ kind: 'ignored', reason: reasonWords(reason) }],
});

/** Something that should have been understood and could not be. */
export const unusable = (reason: string): Translation => ({
  ...NOTHING,
  skipped: [{ kind: 'unusable', reason: reasonWords(reason) }],
});

/** Identifiers of one person, the oldest first. */
export const samePerson = (identifiers: readonly string[]): Translation => ({ ...NOTHING, aliases: [identifiers] });

export const failedReply = (failed: FailedReply): Translation => ({ ...NOTHING, failedReplies: [failed] });

/** What a source would like to say, before it is checked as if it had come over our own API. */
export type Candidate = Omit<Translated, 'event'> & { event: unknown };

/**
 * The events, if all of them are valid: they belong together, like a message and the state it came in.
 * @param what they are, for the reason if they are not
 */
export function events(what: string, candidates: readonly Candidate[]): Translation {
  const valid: Translated[] = [];
  for (const candidate of candidates) {
    const parsed = IngestEvent.safeParse(candidate.event);
    if (!parsed.success) return unusable(`${what}: ${wrongField(parsed.error)}`);
    valid.push({ ...candidate, event: parsed.data });
  }
  return { ...NOTHING, events: valid };
}

/** The path of the field that is wrong. */
const wrongField = ({ issues }: { issues: { path: PropertyKey[] }[] }): string =>
  (issues[0]?.path ?? []).map(String).join('.') || 'event';

/** Epoch milliseconds as ISO 8601, or undefined where no event could hold them. */
export function isoTime(ms: number | undefined): string | undefined {
  if (ms === undefined || !(ms >= 0 && ms < 253_402_300_800_000)) return undefined;
  return new Date(ms).toISOString();
}
