/** Events for a load: chats that are told of once and can be counted, and chats in which anything happens. */
import type { IngestEvent } from '@converso/shared';
import { createRandom } from '../support/random.ts';
import type { SeededBusiness } from '../support/seed.ts';

const now = (): string => new Date().toISOString();

/** The one message of a chat of its own: whoever is told of it twice, or never, shows. */
export const onlyMessage = (
  groupId: string,
  chatId: string,
  text = `Hello from ${chatId}`,
  name = `Customer ${chatId}`,
): IngestEvent => ({
  type: 'message.received',
  timestamp: now(),
  data: {
    conversation: { id: chatId, groupId, channel: 'whatsapp' },
    from: { address: `+44${chatId}`, name },
    message: { id: `m-${chatId}`, text },
  },
});

/** An agent's reply in a chat. */
export const reply = (chatId: string, agentId: string): IngestEvent => ({
  type: 'message.sent',
  timestamp: now(),
  data: { conversation: { id: chatId }, by: { agentId }, message: { id: `r-${chatId}`, text: 'We will see to it.' } },
});

const { below, pick } = createRandom();

/** Anything at all in one of a few chats, up to two seconds old, so that much of it arrives out of order. */
export function anything({ groups }: SeededBusiness, n: number): IngestEvent {
  const which = below(20);
  const group = groups[which % groups.length]!;
  const conversation = { id: `story-${which}`, groupId: group.id, channel: 'sms' };
  const timestamp = new Date(Date.now() - below(2000)).toISOString();
  const message = { id: `s-${n}`, text: `And ${n}` };
  const by = { agentId: pick(group.agentIds) };
  switch (below(8)) {
    case 0:
      return { type: 'message.sent', timestamp, data: { conversation, by, message } };
    case 1:
      return { type: 'message.sent', timestamp, data: { conversation, by: { assistant: true }, message } };
    case 2:
      return { type: 'conversation.assigned', timestamp, data: { conversation, assignee: by } };
    case 3:
      return {
        type: 'conversation.assigned',
        timestamp,
        data: { conversation, assignee: pick([null, { assistant: true as const }]), by },
      };
    case 4:
      return { type: 'conversation.closed', timestamp, data: { conversation, by } };
    case 5:
      return { type: 'conversation.handed_over', timestamp, data: { conversation } };
    default:
      return {
        type: 'message.received',
        timestamp,
        data: { conversation, from: { address: '+447700900999' }, message },
      };
  }
}
