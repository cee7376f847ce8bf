import { clock, Switch } from '@converso/shared/ui';
import { i18n } from '#i18n';
import { isPaused } from '../../domain/pause.ts';
import type { Device } from '../../state.ts';
import { type Pause, pauseUntil } from './pause-until.ts';

const timeOf = (at: number) => clock(at, at);

/** Quiet for a while on this device, with its end in sight. */
export function PauseSetting(props: { device: Device; now: number; onChange(patch: Partial<Device>): void }) {
  const { device, now, onChange } = props;
  const paused = isPaused(device.pausedUntil, now) ? device.pausedUntil : null;
  const begin = (pause: Pause) => onChange({ pausedUntil: pauseUntil(pause, Date.now()) });
  return (
    <fieldset class="settings-group">
      <legend>{i18n.t('popup.pauseTitle')}</legend>
      {paused === null ? (
        <div class="choices">
          <button type="button" class="button" onClick={() => begin('halfHour')}>
            {i18n.t('popup.pauseHalfHour')}
          </button>
          <button type="button" class="button" onClick={() => begin('hour')}>
            {i18n.t('popup.pauseHour')}
          </button>
          <button type="button" class="button" onClick={() => begin('tomorrow')}>
            {i18n.t('popup.pauseTomorrow', [timeOf(pauseUntil('tomorrow', now))])}
          </button>
        </div>
      ) : (
        <p class="settings-connection">
          {i18n.t('popup.pausedUntil', [clock(paused, now)])}
          <button type="button" class="button" onClick={() => onChange({ pausedUntil: null })}>
            {i18n.t('popup.notice.resume')}
          </button>
        </p>
      )}
      <Switch
        label={i18n.t('popup.breakThrough')}
        checked={device.breakThrough ?? false}
        onChange={(breakThrough) => onChange({ breakThrough })}
      />
    </fieldset>
  );
}
