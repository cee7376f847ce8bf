import type { ThreadEntry } from '@converso/shared';
import { Glyph } from './glyph.tsx';
import { Time } from './messages.tsx';

/** A message, or a note for the team. Its text is a stranger's: never markup, its own direction, wrapped anywhere. */
export function Message({ entry, author, continued }: { entry: ThreadEntry; author: string; continued: boolean }) {
  const kind = entry.type === 'note' ? 'note' : (entry.by?.kind ?? 'customer');
  const side = entry.type === 'received' ? 'customer' : 'ours';
  return (
    <article class="message" data-kind={kind} data-side={side} data-continued={continued}>
      <header class={continued ? 'visually-hidden' : 'message-head'}>
        {kind === 'assistant' && <Glyph name="spark" size={14} />}
        {kind === 'note' && <Glyph name="lock" size={14} />}
        <bdi class="message-author">{author}</bdi>
        {kind === 'note' && <span class="message-note">Private note</span>}
        <Time at={entry.at} />
      </header>
      <div class="bubble">
        {entry.text && (
          <p class="bubble-text" dir="auto">
            {entry.text}
          </p>
        )}
        {entry.attachments.map(({ type, name }, index) => (
          <p key={index} class="attachment" title="Attachments open in the inbox that received them">
            <Glyph name="clip" />
            <bdi>{name ?? type}</bdi>
          </p>
        ))}
        {!entry.text && entry.attachments.length === 0 && <p class="bubble-text bubble-none">No text</p>}
      </div>
    </article>
  );
}
