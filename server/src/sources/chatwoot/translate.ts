import { parseJson } from '../fields.ts';
import { scoped } from '../ids.ts';
import type { Context, Incoming, Translation, Unknown } from '../source.ts';
import { type Candidate, events, ignored, isoTime, joined, unusable } from '../translation.ts';
import { assigneeOf, senderOf } from './actors.ts';
import { messageType } from './message-type.ts';
import { Conversation, type Message, MessageWebhook, Webhook } from './payload.ts';
import { plainText } from './plain-text.ts';
import type { ChatwootSettings } from './settings.ts';
import { channelOf, customerOf, groupIdOf, statusOf } from './snapshot.ts';

/** A conversation that can be used: it has an id, a group, a status and a time. */
interface Snapshot {
  conversation: Conversation;
  ref: {
    id: string;
    groupId: string;
    channel: string;
    customer: { address?: string; guestId?: string; name?: string };
  };
  status: 'open' | 'closed';
  assignee: { agentId: string } | { assistant: true } | null;
  /** Epoch milliseconds. */
  updatedAt: number;
  context: Context<ChatwootSettings>;
  /** Collects agents and groups that the payload names and that are not known here. */
  unknown: Unknown[];
}

/** The conversation as a snapshot, or the name of what it lacks. */
function snapshotOf(conversation: Conversation | undefined, context: Context<ChatwootSettings>): Snapshot | string {
  if (conversation?.id === undefined) return 'conversation without id';
  const groupId = groupIdOf(conversation, context);
  if (groupId === undefined) return 'conversation without inbox';
  const status = statusOf(conversation);
  if (status === undefined) return 'conversation without a known status';
  const updatedAt = conversation.updated_at ?? conversation.last_activity_at;
  if (updatedAt === undefined) return 'conversation without time';
  const unknown: Unknown[] = context.groups.has(groupId) ? [] : [{ kind: 'group', id: groupId }];
  const ref = {
    id: scoped(context.sourceId, conversation.id),
    groupId,
    channel: channelOf(conversation),
    customer: customerOf(conversation, context.sourceId),
  };
  const assignee = assigneeOf(conversation, context, unknown);
  return { conversation, ref, status, assignee, updatedAt, context, unknown };
}

/** @param at epoch milliseconds */
const stateAt = (at: number, id: string, { ref, status, assignee }: Snapshot): Candidate => ({
  id,
  event: { type: 'conversation.saved', timestamp: isoTime(at), data: { conversation: ref, status, assignee } },
});

const withUnknown = (translation: Translation, { unknown }: Snapshot): Translation => ({ ...translation, unknown });

/** @param event what brought the state: another webhook of the same state is another event, which changes nothing */
function state(event: string, snapshot: Snapshot): Translation {
  const { context, conversation, updatedAt } = snapshot;
  const id = scoped(context.sourceId, event, conversation.id!, String(updatedAt));
  return withUnknown(events(event, [stateAt(updatedAt, id, snapshot)]), snapshot);
}

/** A message that can be used, with its time (epoch milliseconds), or the name of what it lacks. */
function messageOf(message: Message, snapshot: Snapshot): (Candidate & { at: number }) | string {
  const { ref, context, conversation } = snapshot;
  const { id: foreignId, created_at: at } = message;
  const type = messageType(message);
  if (foreignId === undefined) return 'message without id';
  if (at === undefined) return 'message without time';
  const id = scoped(context.sourceId, 'message_created', conversation.id!, foreignId);
  const content = { id: scoped(context.sourceId, foreignId), text: plainText(message.content ?? '') };
  const timestamp = isoTime(at);
  if (type === 'incoming') {
    const attachments = message.attachments.slice(0, 100).map(({ file_type = 'file', fallback_title }) => ({
      type: file_type.slice(0, 100),
      ...(fallback_title ? { name: fallback_title.slice(0, 500) } : {}),
    }));
    const data = { conversation: ref, from: ref.customer, message: { ...content, attachments } };
    return { id, at, event: { type: 'message.received', timestamp, data } };
  }
  const by = senderOf(message, conversation, context, snapshot.unknown);
  const data = { conversation: ref, by, message: { ...content, ...(message.private ? { private: true } : {}) } };
  return { id, at, event: { type: 'message.sent', timestamp, data } };
}

/** Lines about what happened, such as "Sam resolved this", are nobody's message. */
const isMessage = (message: Message): boolean => ['incoming', 'outgoing', 'template'].includes(messageType(message));

/** A difference (milliseconds) between message and state that is more than the work of saving both. */
const LATER_MS = 1000;

/** A new message, between the states before and after it: the payload is built by a job that may run late. */
function messageCreated(body: unknown, context: Context<ChatwootSettings>): Translation {
  const message = MessageWebhook.parse(body);
  const snapshot = snapshotOf(message.conversation, context);
  if (typeof snapshot === 'string') return unusable(snapshot);
  if (!isMessage(message)) {
    return joined([ignored(`message of type ${messageType(message)}`), state('message_created', snapshot)]);
  }
  const created = messageOf(message, snapshot);
  if (typeof created === 'string') return joined([unusable(created), state('message_created', snapshot)]);
  const { at, ...candidate } = created;
  const { updatedAt } = snapshot;
  const later = updatedAt - at > LATER_MS ? [stateAt(updatedAt, `${candidate.id}:later`, snapshot)] : [];
  return withUnknown(
    events('message_created', [stateAt(at, `${candidate.id}:state`, snapshot), candidate, ...later]),
    snapshot,
  );
}

/**
 * A webhook of Chatwoot. Each payload is the conversation as it was when a background job built it, and jobs end in any
 * order, so it becomes a state with a time and not a step.
 */
export function translate({ body }: Incoming, context: Context<ChatwootSettings>): Translation {
  const json = parseJson(body);
  const webhook = Webhook.safeParse(json);
  if (!webhook.success) return unusable('not a webhook of Chatwoot');
  const { event } = webhook.data;
  switch (event) {
    case 'message_created':
      return messageCreated(json, context);
    case 'conversation_created':
    case 'conversation_updated':
    case 'conversation_status_changed': {
      // `messages` holds the last message again: it has a webhook of its own.
      const snapshot = snapshotOf(Conversation.parse(json), context);
      return typeof snapshot === 'string' ? unusable(snapshot) : state(event, snapshot);
    }
    default:
      return ignored(event);
  }
}

/** A conversation as `GET /conversations` lists it: its last message, then its state. */
export function translateListed(json: unknown, context: Context<ChatwootSettings>): Translation {
  const snapshot = snapshotOf(Conversation.safeParse(json).data, context);
  if (typeof snapshot === 'string') return unusable(snapshot);
  const message = snapshot.conversation.last_non_activity_message;
  if (message === undefined || !isMessage(message)) return state('listed', snapshot);
  const last = messageOf(message, snapshot);
  if (typeof last === 'string') return joined([unusable(last), state('listed', snapshot)]);
  const { at: _, ...candidate } = last;
  return joined([events('listed message', [candidate]), state('listed', snapshot)]);
}
