import type { Origin } from '@converso/shared';

/** What stands in an id instead of a foreign id that is too long or cannot be stored. */
const HASHED = 'sha256:';

/**
 * Where a conversation came from, by its id: the ids of a source begin with its short id and a colon.
 * @param source the short id of the source; null if the conversation came by our own API
 */
export function originOf(conversationId: string, source: string | null): Origin {
  if (source === null || !conversationId.startsWith(`${source}:`)) return { source, ref: null };
  const ref = conversationId.slice(source.length + 1);
  return { source, ref: ref === '' || ref.startsWith(HASHED) ? null : ref };
}
