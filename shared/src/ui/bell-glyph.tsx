import { h } from 'preact';
import { BELL_SHAPES } from './glyphs.ts';

/** The product's bell in the text's colour. Decoration: what it means stands beside it in words. */
export function BellGlyph({ size = 20 }: { size?: number }) {
  return (
    <svg class="bell-glyph" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      {BELL_SHAPES.map(([tag, attributes]) => h(tag, attributes))}
    </svg>
  );
}
