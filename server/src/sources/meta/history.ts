import type { Translation } from '../source.ts';
import { events, ignored, joined, unusable } from '../translation.ts';
import { kindOf, needsNoAnswer } from './content.ts';
import { History, Message } from './payload.ts';
import { type Customer, customerOf } from './people.ts';
import { type OwnNumber, received, sent, threadOf } from './thread.ts';

/** Chats from before the number was connected. What is older than a day alerts nobody. */
export function history(item: unknown, number: OwnNumber): Translation {
  const parsed = History.safeParse(item);
  if (!parsed.success) return unusable('history');
  const { errors, threads } = parsed.data;
  const past = threads.flatMap(({ id, context, messages }) => {
    const customer = customerOf(context?.wa_id ?? id, context?.user_id);
    return messages.map((message) => pastMessage(message, customer, number));
  });
  return joined([...(errors.length > 0 ? [ignored('declined')] : []), ...past]);
}

/** Kinds that stand in for something that cannot be shown or is not a message. */
const isEmptyKind = (kind: string): boolean => kind === 'media_placeholder' || kind === 'system' || needsNoAnswer(kind);

function pastMessage(item: unknown, customer: Customer | undefined, number: OwnNumber): Translation {
  const parsed = Message.safeParse(item);
  const thread = threadOf(customer, number);
  if (!parsed.success || thread === undefined) return unusable('history message');
  const kind = kindOf(parsed.data);
  if (isEmptyKind(kind)) return ignored(kind);
  const isOwn = parsed.data.from !== undefined && parsed.data.from === number.phone;
  const event = isOwn ? sent(parsed.data, { person: true }, thread, number) : received(parsed.data, thread, number);
  return events('history message', [event]);
}
