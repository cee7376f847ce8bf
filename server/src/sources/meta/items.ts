/** The items of a change: messages of customers, echoes of the business's own, statuses, new identifiers. Pure. */
import { bsuidsIn } from '../bsuid.ts';
import { scoped } from '../ids.ts';
import type { Translation } from '../source.ts';
import { events, failedReply, ignored, samePerson, unusable } from '../translation.ts';
import { kindOf, needsNoAnswer } from './content.ts';
import { Message, StandbyEcho, Status, UserIdUpdate } from './payload.ts';
import { contactOf, customerOf } from './people.ts';
import { refusalOf } from './refusals.ts';
import { type OwnNumber, received, sent, state, threadOf, timeOf } from './thread.ts';

const given = (names: readonly (string | undefined)[]): string[] => [
  ...new Set(names.filter((name): name is string => !!name)),
];

/** Several identifiers of one person, or the reason why there are not. */
const linked = (names: readonly (string | undefined)[], what: string): Translation => {
  const identifiers = given(names);
  return identifiers.length < 2 ? unusable(`${what} without two identifiers`) : samePerson(identifiers);
};

/** WhatsApp says that somebody has a new number or user id; the old id stands only in the words. */
function systemMessage({ system, from, from_user_id }: Message): Translation {
  const before = from_user_id ?? bsuidsIn(system?.body ?? '').find((bsuid) => bsuid !== system?.user_id);
  return linked([before, from, system?.new_wa_id ?? system?.wa_id, system?.user_id], 'system');
}

/**
 * A customer's message.
 * @param isStandby Meta's own assistant has the chat, and we only read along
 */
export function message(item: unknown, number: OwnNumber, isStandby: boolean): Translation {
  const parsed = Message.safeParse(item);
  if (!parsed.success) return unusable('message');
  const { from, from_user_id } = parsed.data;
  const kind = kindOf(parsed.data);
  if (kind === 'system') return systemMessage(parsed.data);
  if (needsNoAnswer(kind)) return ignored(kind);
  const contact = contactOf(number.contacts, from, from_user_id);
  const customer = customerOf(from ?? contact?.wa_id, from_user_id ?? contact?.user_id, contact?.profile?.name);
  const thread = threadOf(customer, number);
  if (thread === undefined) return unusable('message without sender');
  const event = received(parsed.data, thread, number);
  // Meta says nothing when its assistant lets go of a chat; a message that comes to us directly says it.
  const holder = isStandby ? ({ assistant: true } as const) : null;
  const before = state(`${event.id}:state`, timeOf(parsed.data, number), thread, holder);
  return events('message', [isStandby ? before : { ...before, onlyIf: 'assistant' }, event]);
}

/** A message of the business that was sent elsewhere. */
function echo(copy: Message, by: { person: true } | { assistant: true }, number: OwnNumber): Translation {
  const kind = kindOf(copy);
  if (needsNoAnswer(kind)) return ignored(kind);
  const customer = customerOf(copy.to ?? copy.recipient, copy.to_user_id ?? copy.recipient_user_id);
  const thread = threadOf(customer, number);
  return thread === undefined ? unusable('echo without recipient') : events('echo', [sent(copy, by, thread, number)]);
}

/** Somebody wrote in the phone app, or a program of Meta's there. */
export function phoneAppEcho(item: unknown, number: OwnNumber): Translation {
  const parsed = Message.safeParse(item);
  if (!parsed.success) return unusable('echo');
  const isProgram = parsed.data.message_creation_type === 'created_by_1p_bot';
  return echo(parsed.data, isProgram ? { assistant: true } : { person: true }, number);
}

/** Meta's assistant wrote; its message is one level deeper than a person's. */
export function standbyEcho(item: unknown, number: OwnNumber): Translation {
  const parsed = StandbyEcho.safeParse(item);
  if (parsed.data?.message === undefined) return unusable('standby echo');
  const { id, timestamp, message: copy } = parsed.data;
  return echo({ ...copy, id: id ?? copy.id, timestamp: timestamp ?? copy.timestamp }, { assistant: true }, number);
}

/** What became of a reply that we sent; only a failure is news. */
export function status(item: unknown, { context }: OwnNumber): Translation {
  const parsed = Status.safeParse(item);
  if (parsed.data?.id === undefined) return unusable('status');
  if (parsed.data.status !== 'failed') return ignored('status');
  const { id, errors } = parsed.data;
  return failedReply({ messageId: scoped(context.sourceId, id), ...refusalOf(errors[0]?.code) });
}

/** A new phone number made a new user id. */
export function userIdUpdate(item: unknown): Translation {
  const { user_id, wa_id } = UserIdUpdate.safeParse(item).data ?? {};
  return linked([user_id?.previous, user_id?.current, wa_id], 'user_id_update');
}
