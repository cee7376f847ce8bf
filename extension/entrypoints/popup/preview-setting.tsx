import { i18n } from '#i18n';
import type { PreviewLevel } from '../../state.ts';

const LEVELS = [
  ['full', 'popup.previewFull'],
  ['sender', 'popup.previewSender'],
  ['nothing', 'popup.previewNothing'],
] as const;

/** How much a toast shows: other people may see this screen. */
export function PreviewSetting(props: { preview: PreviewLevel; onChange(preview: PreviewLevel): void }) {
  return (
    <fieldset class="settings-group">
      <legend>{i18n.t('popup.previewTitle')}</legend>
      <div class="segments">
        {LEVELS.map(([level, words]) => (
          <label key={level} class="segment">
            <input
              type="radio"
              name="preview"
              class="visually-hidden"
              checked={props.preview === level}
              onChange={() => props.onChange(level)}
            />
            <span>{i18n.t(words)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
