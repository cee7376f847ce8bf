import { type Attachment, hasVisibleCharacter, MESSAGE_PREVIEW_LENGTH } from '@converso/shared';

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Cuts to at most `length` UTF-16 units without splitting what a reader sees as one character; marks the cut with "…". */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  let end = 0;
  for (const { index, segment } of graphemes.segment(text.slice(0, length))) {
    if (index + segment.length > length - 1) break;
    end = index + segment.length;
  }
  return `${text.slice(0, end)}…`;
}

/** What an attachment is called: by its name, or by its type where nothing of the name can be seen. */
const attachmentLabel = ({ type, name = '' }: Attachment): string => (hasVisibleCharacter(name) ? name : type);

/** What a customer sent, in at most 500 characters; a message of attachments alone is named by them. */
export function messagePreview(text: string, attachments: readonly Attachment[]): string {
  if (hasVisibleCharacter(text)) return cut(text.trim(), MESSAGE_PREVIEW_LENGTH);
  const names = attachments.map(attachmentLabel).join(', ');
  return cut(names === '' ? '' : `📎 ${names}`, MESSAGE_PREVIEW_LENGTH);
}
