/** Records that are kept by conversation. Their keys are the sender's, so one may be `constructor` or `__proto__`. */

/** What is kept for a conversation, if anything is. */
export const ownValue = <Value>(record: Record<string, Value>, conversationId: string): Value | undefined =>
  Object.hasOwn(record, conversationId) ? record[conversationId] : undefined;

/** The entries of the conversations that `keeps` accepts. */
export const filterKeys = <Value>(
  record: Record<string, Value>,
  keeps: (conversationId: string) => boolean,
): Record<string, Value> =>
  Object.fromEntries(Object.entries(record).filter(([conversationId]) => keeps(conversationId)));

/** The conversations that these are about. */
export const conversationIdsOf = (items: readonly { conversation: { id: string } }[]): Set<string> =>
  new Set(items.map((item) => item.conversation.id));
