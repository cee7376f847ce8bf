import type { Channel } from './channel.ts';

/** The channels that have their own label and icon. */
export const KNOWN_CHANNELS = ['whatsapp', 'sms', 'webchat', 'messenger', 'instagram', 'telegram', 'email'] as const;
export type KnownChannel = (typeof KNOWN_CHANNELS)[number];

/** Brand names, which no language translates; so they are not in `_locales`. */
const LABELS: Record<KnownChannel, string> = {
  whatsapp: 'WhatsApp',
  sms: 'SMS',
  webchat: 'Webchat',
  messenger: 'Messenger',
  instagram: 'Instagram',
  telegram: 'Telegram',
  email: 'Email',
};

export const isKnownChannel = (channel: Channel): channel is KnownChannel => Object.hasOwn(LABELS, channel);

/** What a person calls the channel; an unknown one shows its own word with a capital first letter. */
export const channelLabel = (channel: Channel): string =>
  isKnownChannel(channel) ? LABELS[channel] : channel.charAt(0).toUpperCase() + channel.slice(1);
