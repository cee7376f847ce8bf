import type { Content } from './payload.ts';

/** Kinds of message that nobody is expected to answer, or whose effect on an older message we do not show. */
const NO_ANSWER = new Set(['reaction', 'revoke', 'edit', 'request_welcome']);

export const needsNoAnswer = (type: string): boolean => NO_ANSWER.has(type);

const MEDIA = ['image', 'video', 'document', 'sticker'] as const;
const CONTENT_KINDS = [...MEDIA, 'text', 'button', 'interactive', 'audio', 'location', 'contacts', 'order'] as const;

/** What kind of message it is; some places come without `type`. */
export const kindOf = (content: Content): string =>
  content.type ?? CONTENT_KINDS.find((kind) => content[kind] !== undefined) ?? 'missing';

const NOT_SHOWN = 'A message that cannot be shown here';

export interface Words {
  text: string;
  attachments: { type: string; name?: string }[];
}

const words = (text: string | undefined): Words => ({ text: text ?? NOT_SHOWN, attachments: [] });

/** A message in words. One of a kind that we do not know is still somebody who wrote. */
export function wordsOf(content: Content): Words {
  const kind = kindOf(content);
  const media = MEDIA.find((name) => name === kind);
  if (media !== undefined) {
    const { caption = '', filename } = content[media] ?? {};
    return { text: caption, attachments: [{ type: kind, ...(filename ? { name: filename.slice(0, 500) } : {}) }] };
  }
  switch (kind) {
    case 'text':
      return words(content.text?.body);
    case 'button':
      return words(content.button?.text);
    case 'interactive': {
      const { button_reply, list_reply, nfm_reply } = content.interactive ?? {};
      return words(button_reply?.title ?? list_reply?.title ?? nfm_reply?.body);
    }
    case 'audio':
      return { text: '', attachments: [{ type: 'audio' }] };
    case 'location':
      return words(placeOf(content.location));
    case 'contacts':
      return words(cardsOf(content.contacts));
    case 'order':
      return words(content.order && `Order: ${content.order.product_items}`);
    default:
      return words(undefined);
  }
}

function placeOf(location: Content['location']): string | undefined {
  if (location === undefined) return undefined;
  const { name, address, latitude, longitude } = location;
  return `Location: ${name || address || `${latitude ?? '?'}, ${longitude ?? '?'}`}`;
}

function cardsOf(contacts: Content['contacts']): string | undefined {
  if (contacts === undefined) return undefined;
  const [first, ...others] = contacts;
  const name = first?.name?.formatted_name ?? first?.name?.first_name ?? 'without a name';
  return `Contact: ${name}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}
