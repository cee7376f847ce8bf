import { dismiss, notice } from '../notice.ts';
import { Glyph } from './glyph.tsx';

export function Notice() {
  return (
    <div class="notice-place" role="status">
      {notice.value && (
        <div class="notice" data-tone={notice.value.tone}>
          <p dir="auto">{notice.value.text}</p>
          <button type="button" class="icon-button icon-button-small" aria-label="Dismiss" onClick={dismiss}>
            <Glyph name="close" />
          </button>
        </div>
      )}
    </div>
  );
}
