/**
 * Every fact about a channel: add a channel here, then its drawing in ui/glyphs.ts. Imports nothing, so that the
 * extension's worker can use it without the schemas.
 */

interface ChannelFacts {
  /** A brand name. No language translates it, so it is not in `_locales`. */
  label: string;
  /** The sender's address is a telephone number, so a message makes its sender a contact. */
  makesContacts: boolean;
  /** Unreplied messages are in the scheduled emails: these customers are away from the screen and wait for days. */
  isEmailed: boolean;
  /** Customers have an address (a number or an email); the others are guests with an id. */
  hasAddress: boolean;
}

/** The channels that have their own label and icon. Any other lower-case word works too. */
const CHANNELS = {
  whatsapp: { label: 'WhatsApp', makesContacts: true, isEmailed: true, hasAddress: true },
  sms: { label: 'SMS', makesContacts: true, isEmailed: true, hasAddress: true },
  webchat: { label: 'Webchat', makesContacts: false, isEmailed: false, hasAddress: false },
  messenger: { label: 'Messenger', makesContacts: false, isEmailed: false, hasAddress: false },
  instagram: { label: 'Instagram', makesContacts: false, isEmailed: false, hasAddress: false },
  telegram: { label: 'Telegram', makesContacts: false, isEmailed: false, hasAddress: false },
  email: { label: 'Email', makesContacts: false, isEmailed: false, hasAddress: true },
} as const satisfies Record<string, ChannelFacts>;

export type KnownChannel = keyof typeof CHANNELS;

/** In the order in which they are offered for a choice. */
export const KNOWN_CHANNELS = Object.keys(CHANNELS) as KnownChannel[];

export const isKnownChannel = (channel: string): channel is KnownChannel => Object.hasOwn(CHANNELS, channel);

const factsOf = (channel: string): ChannelFacts | undefined =>
  isKnownChannel(channel) ? CHANNELS[channel] : undefined;

/** What a person calls the channel; an unknown one shows its own word with a capital first letter. */
export const channelLabel = (channel: string): string =>
  factsOf(channel)?.label ?? channel.charAt(0).toUpperCase() + channel.slice(1);

/** Whether a message on the channel makes its sender a contact. */
export const makesContacts = (channel: string): boolean => factsOf(channel)?.makesContacts ?? false;

/** Whether unreplied messages on the channel are in the scheduled emails. */
export const isEmailed = (channel: string): boolean => factsOf(channel)?.isEmailed ?? false;

/** Whether customers on the channel have an address. */
export const hasAddress = (channel: string): boolean => factsOf(channel)?.hasAddress ?? false;
