import { scoped } from '../ids.ts';
import type { Translation } from '../source.ts';
import { events, ignored, unusable } from '../translation.ts';
import { Handover } from './payload.ts';
import { customerOf } from './people.ts';
import { type OwnNumber, state, threadOf, timeOf } from './thread.ts';

const isAssistant = (role: string | undefined): boolean => role === 'meta_business_agent' || role === 'ai_agent';

/** Meta's assistant gives a chat to people or gets it back, or people have taken it. The customer is the sender. */
export function handover(value: unknown, number: OwnNumber): Translation {
  const parsed = Handover.safeParse(value);
  if (!parsed.success) return unusable('handover');
  const { type = 'missing', sender, control_passed: passed, timestamp: at } = parsed.data;
  const thread = threadOf(customerOf(sender?.phone_number ?? sender?.wa_id, sender?.user_id), number);
  if (thread === undefined) return unusable('handover without sender');
  const timestamp = timeOf(parsed.data, number);
  const id = scoped(number.context.sourceId, 'handover', thread.person.identifiers[0], String(at ?? timestamp));
  if (type === 'control_taken') {
    // An agent who has taken the chat here keeps it.
    return events('handover', [{ ...state(id, timestamp, thread, null), onlyIf: 'assistant' }]);
  }
  if (type !== 'control_passed') return ignored(`handover ${type}`);
  if (isAssistant(passed?.new_owner_app_role) || isAssistant(passed?.new_owner_role)) {
    return events('handover', [state(id, timestamp, thread, { assistant: true })]);
  }
  // Without a role (some requests have none) it is the assistant's: nobody else passes control here.
  const previous = passed?.previous_owner_app_role ?? passed?.previous_owner_role;
  if (previous !== undefined && !isAssistant(previous)) return ignored('handover by another app');
  const reason = passed?.metadata?.trim();
  const data = { conversation: thread.ref, ...(reason ? { reason } : {}) };
  return events('handover', [
    { id, person: thread.person, event: { type: 'conversation.handed_over', timestamp, data } },
  ]);
}
