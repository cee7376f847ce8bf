import { BellGlyph } from '@converso/shared/ui';
import type { ComponentChildren } from 'preact';

/** Where there is nothing, a kind word. */
export function Empty({ title, text, children }: { title: string; text: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <span class="empty-mark" aria-hidden="true">
        <BellGlyph size={24} />
      </span>
      <p class="empty-title">{title}</p>
      <p class="empty-text">{text}</p>
      {children}
    </div>
  );
}
