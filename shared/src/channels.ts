/**
 * Every fact about a channel: add a channel here, then its drawing in ui/glyphs.ts. Imports nothing, so that the
 * extension's worker can use it without the schemas.
 */

/**
 * The channels that have their own label and icon. Any other lower-case word works too. A label is a brand name, which no
 * language translates, so it is not in `_locales`.
 */
const LABELS = {
  whatsapp: 'WhatsApp',
  sms: 'SMS',
  webchat: 'Webchat',
  messenger: 'Messenger',
  instagram: 'Instagram',
  telegram: 'Telegram',
  email: 'Email',
} as const;

export type KnownChannel = keyof typeof LABELS;

// Lists of their own, so that a bundle that needs only the labels leaves them out.

/** The sender's address is a telephone number, so a message makes its sender a contact. */
const MAKE_CONTACTS: readonly string[] = ['whatsapp', 'sms'] satisfies KnownChannel[];
/** Unreplied messages are in the scheduled emails: these customers are away from the screen and wait for days. */
const EMAILED: readonly string[] = ['whatsapp', 'sms'] satisfies KnownChannel[];
/** Customers have an address (a number or an email); the others are guests with an id. */
const ADDRESSED: readonly string[] = ['whatsapp', 'sms', 'email'] satisfies KnownChannel[];

/** In the order in which they are offered for a choice. */
export const KNOWN_CHANNELS = /* @__PURE__ */ Object.keys(LABELS) as KnownChannel[];

export const isKnownChannel = (channel: string): channel is KnownChannel => Object.hasOwn(LABELS, channel);

/** What a person calls the channel; an unknown one shows its own word with a capital first letter. */
export const channelLabel = (channel: string): string =>
  isKnownChannel(channel) ? LABELS[channel] : channel.charAt(0).toUpperCase() + channel.slice(1);

/** Whether a message on the channel makes its sender a contact. */
export const makesContacts = (channel: string): boolean => MAKE_CONTACTS.includes(channel);

/** Whether unreplied messages on the channel are in the scheduled emails. */
export const isEmailed = (channel: string): boolean => EMAILED.includes(channel);

/** Whether customers on the channel have an address. */
export const hasAddress = (channel: string): boolean => ADDRESSED.includes(channel);
