/** The content of one agent's email for one slot: words and order, without markup. `email/` renders it. */
import { channelLabel, hasVisibleCharacter, type SourceInbox } from '@converso/shared';
import { attachmentsInWords } from './attachments.ts';
import { oneLine } from './one-line.ts';
import { cut } from './preview.ts';
import type { DigestPlan, WaitingFacts } from './unreplied.ts';

/** The most sections of an email. Further chats are only counted, and are stored as emailed too. */
export const MAX_SECTIONS = 30;
/** Characters of a message that an email shows; the conversation has the whole. */
const MESSAGE_LENGTH = 2_000;
const SUBJECT_NAME_LENGTH = 60;
const NAME_LENGTH = 120;

export interface DigestSection {
  conversationId: string;
  /** The name in contacts, else the number. */
  sender: string;
  /** The number, where the name does not stand for it already. */
  address: string | null;
  channel: string;
  /** Date and time of the latest message in the business's zone. */
  sentAt: string;
  /** The message, or in words what was attached to one without text. */
  text: string;
  /** How many more of the customer's messages wait in that chat. */
  more: number;
  /** Why the agent gets it. */
  why: string;
  url: string;
}

export interface Digest {
  subject: string;
  greeting: string;
  sections: DigestSection[];
  /** "and N more" beyond the sections. */
  andMore: number;
  /** Chats of earlier emails that still wait. */
  emailedBefore: number;
  inboxUrl: string;
}

export interface DigestContext {
  timeZone: string;
  /** With the literal `{conversationId}`. */
  conversationUrl: string;
  inboxUrl: string;
  /** Where the chats of sources open that have an inbox of their own. */
  inboxes: readonly Pick<SourceInbox, 'source' | 'url' | 'conversationUrls'>[];
  /** Epoch milliseconds of the email. */
  now: number;
}

const DAY = 24 * 60 * 60 * 1000;
const LOCALE = 'en-GB';

/** The formats of dates and times. */
const WAYS = {
  day: { year: 'numeric', month: '2-digit', day: '2-digit' },
  longDate: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  shortDate: { day: 'numeric', month: 'long' },
  weekday: { weekday: 'long' },
  clock: { hour: '2-digit', minute: '2-digit' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter is slow and heavy, and a slot needs thousands of times, so each is kept. */
function format(timeZone: string, at: number, way: keyof typeof WAYS): string {
  const key = `${timeZone} ${way}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(LOCALE, { timeZone, hourCycle: 'h23', ...WAYS[way] });
    formats.set(key, made);
  }
  return made.format(at);
}

/** "Saturday 21 November 2026 at 16:42" */
const dateAndTime = (timeZone: string, at: number): string => {
  return `${format(timeZone, at, 'longDate').replace(',', '')} at ${format(timeZone, at, 'clock')}`;
};

/** As a person would say it: "09:12" today, "Saturday 16:42" this week, "3 November" before that. */
function since({ timeZone, now }: DigestContext, at: number): string {
  if (format(timeZone, at, 'day') === format(timeZone, now, 'day')) return format(timeZone, at, 'clock');
  if (now - at < 6 * DAY) return `${format(timeZone, at, 'weekday')} ${format(timeZone, at, 'clock')}`;
  return format(timeZone, at, 'shortDate');
}

const senderOf = ({ customer }: WaitingFacts): string =>
  cut(
    [customer.name, customer.address].map((text) => oneLine(text ?? '')).find(hasVisibleCharacter) ?? 'A customer',
    NAME_LENGTH,
  );

function why(conversation: WaitingFacts): string {
  const group = oneLine(conversation.group.name);
  if (conversation.assignee?.kind === 'agent') return 'This chat is assigned to you.';
  if (conversation.assignee?.kind === 'assistant')
    return `The assistant has this chat and has not replied; you are in ${group}.`;
  return `Nobody has this chat yet; you are in ${group}.`;
}

const inboxOf = ({ source, ref }: WaitingFacts, { inboxes }: DigestContext) =>
  ref === null ? undefined : inboxes.find((inbox) => inbox.source === source);

/** Where a conversation opens: at its source, or else in the inbox of this server. */
function urlOf(conversation: WaitingFacts, context: DigestContext): string {
  const [template, id] = [inboxOf(conversation, context)?.conversationUrls[0], conversation.ref];
  return template === undefined || id === null
    ? context.conversationUrl.replace('{conversationId}', encodeURIComponent(conversation.id))
    : template.replace('{conversationId}', encodeURIComponent(id));
}

/** The inbox of all these conversations, if it is one and the same, or else the inbox of this server. */
function inboxUrlOf(conversations: readonly WaitingFacts[], context: DigestContext): string {
  const urls = new Set(conversations.map((each) => inboxOf(each, context)?.url ?? context.inboxUrl));
  const [url, ...others] = urls;
  return url === undefined || others.length > 0 ? context.inboxUrl : url;
}

function sectionOf(conversation: WaitingFacts, context: DigestContext): DigestSection {
  const { latest, customer, waiting } = conversation;
  if (!latest) throw new RangeError('A conversation without a message is not due.');
  return {
    conversationId: conversation.id,
    sender: senderOf(conversation),
    address: customer.name === null || customer.address === null ? null : oneLine(customer.address),
    channel: channelLabel(conversation.channel),
    sentAt: dateAndTime(context.timeZone, latest.sentAt),
    text: cut(latest.text.trim() || attachmentsInWords(latest.attachments ?? []), MESSAGE_LENGTH),
    more: Math.max(0, waiting - 1),
    why: why(conversation),
    url: urlOf(conversation, context),
  };
}

function subjectOf(conversations: readonly WaitingFacts[], context: DigestContext): string {
  const [oldest] = conversations;
  if (!oldest) throw new RangeError('A digest without a conversation is not sent.');
  if (conversations.length === 1) {
    return `Unreplied ${channelLabel(oldest.channel)} message from ${cut(senderOf(oldest), SUBJECT_NAME_LENGTH)}`;
  }
  return `${conversations.length} unreplied messages, oldest since ${since(context, oldest.waitingSince ?? context.now)}`;
}

/** The email of a planned digest. Throws RangeError for one without conversations. */
export function digestOf({ agent, conversations, emailedBefore }: DigestPlan, context: DigestContext): Digest {
  return {
    subject: subjectOf(conversations, context),
    greeting: `Hello ${oneLine(agent.name)},`,
    sections: conversations.slice(0, MAX_SECTIONS).map((conversation) => sectionOf(conversation, context)),
    andMore: Math.max(0, conversations.length - MAX_SECTIONS),
    emailedBefore,
    inboxUrl: inboxUrlOf(conversations, context),
  };
}
