import { BellGlyph } from './bell-glyph.tsx';

/** Nothing to do is good news, and says so. */
export function EmptyBell({ title, text }: { title: string; text: string }) {
  return (
    <div class="bell-empty">
      <span class="bell-empty-mark">
        <BellGlyph size={28} />
      </span>
      <p class="bell-empty-title">{title}</p>
      <p class="bell-empty-text">{text}</p>
    </div>
  );
}
