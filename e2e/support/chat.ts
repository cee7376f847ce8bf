import { randomInt, randomUUID } from 'node:crypto';
import type { Business } from './business.ts';
import { SALES } from './business-fixture.ts';

/** A chat of one customer, as the team inbox tells of it. Every test begins its own, so that none sees another's. */
export interface Chat {
  id: string;
  /** The customer writes. */
  says(text: string): Promise<void>;
  assistantTakes(): Promise<void>;
  assistantGivesUp(): Promise<void>;
  assign(agentId: string, by?: string): Promise<void>;
  close(by: string): Promise<void>;
}

/** A WhatsApp chat of the group "Sales" with Carla, who is not a contact before she writes. */
export function beginChat(business: Business, name = 'Carla Ruiz'): Chat {
  const id = `chat-${randomUUID().slice(0, 8)}`;
  const address = `+34${randomInt(600_000_000, 700_000_000)}`;
  const conversation = { id, groupId: SALES.id, channel: 'whatsapp' };
  return {
    id,
    says: (text) =>
      business.post('message.received', { conversation, from: { address, name }, message: { id: randomUUID(), text } }),
    assistantTakes: () =>
      business.post('conversation.assigned', {
        conversation: { ...conversation, customer: { address, name } },
        assignee: { assistant: true },
      }),
    assistantGivesUp: () => business.post('conversation.handed_over', { conversation: { id } }),
    assign: (agentId, by) =>
      business.post('conversation.assigned', {
        conversation: { id },
        assignee: { agentId },
        ...(by && { by: { agentId: by } }),
      }),
    close: (by) => business.post('conversation.closed', { conversation: { id }, by: { agentId: by } }),
  };
}
