/** Where a Chatwoot conversation is in our words, and who the customer is. Pure. */
import { scoped, shortId } from '../ids.ts';
import type { Context } from '../source.ts';
import type { Conversation } from './payload.ts';
import type { ChatwootSettings } from './settings.ts';

const CHANNELS: Record<string, string> = {
  'Channel::Whatsapp': 'whatsapp',
  'Channel::WebWidget': 'webchat',
  'Channel::Email': 'email',
  'Channel::Sms': 'sms',
  'Channel::FacebookPage': 'messenger',
  'Channel::Instagram': 'instagram',
  'Channel::Telegram': 'telegram',
  'Channel::Line': 'line',
  'Channel::Tiktok': 'tiktok',
  'Channel::Api': 'api',
};

/** In the API the address that a Twilio inbox knows the customer by stands only in the last message. */
const contactAddress = ({ contact_inbox, last_non_activity_message }: Conversation): string =>
  contact_inbox?.source_id ?? last_non_activity_message?.conversation?.contact_inbox?.source_id ?? '';

export function channelOf(conversation: Conversation): string {
  const kind = conversation.channel ?? conversation.meta?.channel ?? '';
  if (kind === 'Channel::TwilioSms') return contactAddress(conversation).startsWith('whatsapp:') ? 'whatsapp' : 'sms';
  const word = /^Channel::([A-Za-z][A-Za-z0-9_-]{0,31})$/.exec(kind)?.[1]?.toLowerCase();
  return CHANNELS[kind] ?? word ?? 'chat';
}

/** Our id of the group that sees a conversation, or undefined if the payload names no inbox. */
export function groupIdOf(
  { inbox_id, meta }: Conversation,
  { sourceId, settings }: Pick<Context<ChatwootSettings>, 'sourceId' | 'settings'>,
): string | undefined {
  if (settings.groupsBy === 'team' && meta?.team?.id !== undefined) return scoped(sourceId, 'team', meta.team.id);
  return inbox_id === undefined ? undefined : scoped(sourceId, 'inbox', inbox_id);
}

/** Addresses longer than our ids identify nobody here. */
const address = (text: string | undefined): string | undefined =>
  text !== undefined && text !== '' && shortId(text) === text ? text : undefined;

export function customerOf(conversation: Conversation, sourceId: string) {
  const contact = conversation.meta?.sender;
  const known = address(contact?.phone_number) ?? address(contact?.email);
  // The contact is one person in all sessions of the website's chat; the session is the second best.
  const guestId = contact?.id === undefined ? contactAddress(conversation) : scoped(sourceId, 'contact', contact.id);
  return {
    ...(known === undefined ? (guestId === '' ? {} : { guestId: shortId(guestId) }) : { address: known }),
    ...(contact?.name === undefined ? {} : { name: contact.name }),
  };
}

const STATUSES: Record<string, 'open' | 'closed'> = {
  open: 'open',
  pending: 'open',
  resolved: 'closed',
  snoozed: 'closed',
};

export const statusOf = ({ status = '' }: Conversation): 'open' | 'closed' | undefined => STATUSES[status];
