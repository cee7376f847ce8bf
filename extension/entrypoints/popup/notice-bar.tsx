import { clock } from '@converso/shared/ui';
import { i18n } from '#i18n';
import type { Notice } from './notices.ts';

export interface NoticeActions {
  reconnect(): void;
  turnOn(): void;
  resume(): void;
  showHelp(): void;
  showInboxHelp(): void;
}

const TONE = {
  disconnected: 'danger',
  connecting: 'calm',
  polling: 'calm',
  replaced: 'calm',
  off: 'calm',
  paused: 'calm',
  blocked: 'danger',
  inbox: 'danger',
} as const;

function words(notice: Notice, now: number): string {
  switch (notice.kind) {
    case 'disconnected':
      return notice.since === null
        ? i18n.t('popup.notice.disconnectedNew')
        : i18n.t('popup.notice.disconnected', [clock(notice.since, now)]);
    case 'connecting':
      return notice.since === null
        ? i18n.t('popup.notice.connectingNew')
        : i18n.t('popup.notice.connecting', [clock(notice.since, now)]);
    case 'paused':
      return i18n.t('popup.notice.paused', [clock(notice.until, now)]);
    default:
      return i18n.t(`popup.notice.${notice.kind}`);
  }
}

function remedy(notice: Notice, actions: NoticeActions): { label: string; act(): void } | undefined {
  switch (notice.kind) {
    case 'disconnected':
      return { label: i18n.t('popup.notice.retry'), act: actions.reconnect };
    case 'replaced':
      return { label: i18n.t('popup.notice.useHere'), act: actions.reconnect };
    case 'off':
      return { label: i18n.t('popup.notice.turnOn'), act: actions.turnOn };
    case 'paused':
      return { label: i18n.t('popup.notice.resume'), act: actions.resume };
    case 'blocked':
      return { label: i18n.t('popup.notice.howToFix'), act: actions.showHelp };
    case 'inbox':
      return { label: i18n.t('popup.notice.howToFix'), act: actions.showInboxHelp };
    case 'connecting':
    case 'polling':
      return undefined;
  }
}

/** One notice: what is the matter, and the one thing that helps. */
export function NoticeBar({ notice, now, actions }: { notice: Notice; now: number; actions: NoticeActions }) {
  const help = remedy(notice, actions);
  return (
    <div class={`notice notice-${TONE[notice.kind]}`} data-notice={notice.kind}>
      <p>{words(notice, now)}</p>
      {help && (
        <button type="button" class="button button-quiet" onClick={help.act}>
          {help.label}
        </button>
      )}
    </div>
  );
}
