/** Attachments in words, for emails: what a customer sent who wrote no text. */
import type { Attachment } from '@converso/shared';
import { oneLine } from './one-line.ts';
import { cut } from './preview.ts';

/** One and many of a kind, by how its type begins: senders write `image`, `image/jpeg`, `IMAGE` or `voice_message`. */
const KINDS: [begins: RegExp, one: string, many: string][] = [
  [/^(image|photo|picture)/i, 'an image', 'images'],
  [/^(video|gif)/i, 'a video', 'videos'],
  [/^(voice|ptt)/i, 'a voice message', 'voice messages'],
  [/^audio/i, 'an audio file', 'audio files'],
  [/^sticker/i, 'a sticker', 'stickers'],
  [/^location/i, 'a location', 'locations'],
  [/^(contact|vcard|text\/x?-?vcard)/i, 'a contact card', 'contact cards'],
  [/^(document|application\/pdf|pdf)/i, 'a document', 'documents'],
];
const FILE = [/^/, 'a file', 'files'] as const;

/** Attachments whose names are shown. */
const MAX_NAMES = 3;
/** Characters of all names together. */
const NAMES_LENGTH = 200;

const listOf = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** `Sent an image: roof.jpg`; without attachments, that the message has no text. */
export function attachmentsInWords(attachments: readonly Attachment[]): string {
  if (attachments.length === 0) return 'Sent a message without text';
  const kinds = Map.groupBy(attachments, ({ type }) => KINDS.find(([begins]) => begins.test(type.trim())) ?? FILE);
  const counted = [...kinds].map(([[, one, many], { length }]) => (length === 1 ? one : `${length} ${many}`));
  const names = attachments.map(({ name }) => oneLine(name ?? '')).filter((name) => name !== '');
  const shown = names.slice(0, MAX_NAMES).join(', ');
  const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return `Sent ${listOf(counted)}${shown === '' ? '' : `: ${cut(shown, NAMES_LENGTH)}${more}`}`;
}
