import { digest, shortId } from './ids.ts';
import type { PersonRef, Translated } from './source.ts';

/** The longest id that an event may have. */
const LONGEST_ID = 128;
/** A number or account of the business that is longer stands as its hash. */
const LONGEST_OWN = 40;

/** The id of the conversation with a person: one for each number of the business, reopened by each message. */
export function conversationIdOf(thread: string, person: string): string {
  const id = `${thread}:${shortId(person)}`;
  return id.length <= LONGEST_ID ? id : `${thread}:sha256:${digest(person)}`;
}

/**
 * Who the customer is, and the id of their conversation while they are known under nothing else.
 * @param own the business's number or account, as the request names it
 * @param identifiers the preferred one first; empty and repeated ones are left out
 * @returns undefined if there is none
 */
export function personRef(
  sourceId: string,
  own: string,
  identifiers: readonly (string | undefined)[],
): { person: PersonRef; conversationId: string } | undefined {
  const [first, ...others] = new Set(identifiers.filter((identifier): identifier is string => !!identifier));
  if (first === undefined) return undefined;
  const thread = `${sourceId}:${own.length > LONGEST_OWN ? digest(own) : own}`;
  return { person: { identifiers: [first, ...others], thread }, conversationId: conversationIdOf(thread, first) };
}

/** The same event for the conversation of somebody who was met before under another identifier. */
export function withPerson(translated: Translated, person: string): Translated {
  const { event } = translated;
  if (translated.person === undefined || !('conversation' in event.data)) return translated;
  const conversation = { ...event.data.conversation, id: conversationIdOf(translated.person.thread, person) };
  return { ...translated, event: { ...event, data: { ...event.data, conversation } } as typeof event };
}
