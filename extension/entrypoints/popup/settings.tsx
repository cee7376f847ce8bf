import type { Me, Preferences } from '@converso/shared';
import { Switch } from '@converso/shared/ui';
import { i18n } from '#i18n';
import { sendMessage } from '../../messages.ts';
import type { ConnectionRecord, Device, ToastHealth } from '../../state.ts';
import { PauseSetting } from './pause-setting.tsx';
import { PreviewSetting } from './preview-setting.tsx';
import { Status } from './status.tsx';
import { TestNotification } from './test-notification.tsx';

export interface SettingsProps {
  me: Me | null;
  server: string;
  preferences: Preferences | null;
  device: Device;
  connection: ConnectionRecord;
  health: ToastHealth;
  now: number;
  request(send: () => Promise<unknown>): Promise<boolean>;
  setPreferences(patch: Partial<Preferences>): void;
  showHelp(): void;
}

/** What opens under the agent's name: first what follows the agent to every device, then what belongs to this one. */
export function Settings({ me, server, preferences, request, setPreferences, ...rest }: SettingsProps) {
  const { device, connection, health, now, showHelp } = rest;
  const setDevice = (patch: Partial<Device>) => request(() => sendMessage('setDevice', patch));
  const isAdmin = me?.agent.role === 'admin';
  return (
    <section id="settings" class="settings" aria-label={i18n.t('popup.settings')}>
      {me && (
        <p class="settings-who">
          <bdi>{me.agent.email}</bdi>
          <bdi>{me.business.name}</bdi>
        </p>
      )}
      <div class="settings-group">
        <Switch
          label={i18n.t('popup.messageNotifications')}
          note={i18n.t('popup.messageNotificationsNote')}
          checked={preferences?.messageNotifications ?? true}
          disabled={!preferences}
          onChange={(messageNotifications) => setPreferences({ messageNotifications })}
        />
        <Switch
          label={i18n.t('popup.assistantChats')}
          note={i18n.t('popup.assistantChatsNote')}
          checked={preferences?.assistantChats ?? true}
          disabled={!preferences}
          onChange={(assistantChats) => setPreferences({ assistantChats })}
        />
        <Switch
          label={i18n.t('popup.unrepliedEmails')}
          note={i18n.t(isAdmin ? 'popup.unrepliedEmailsAdmin' : 'popup.unrepliedEmailsNote')}
          checked={!isAdmin && (preferences?.unrepliedEmails ?? true)}
          disabled={!preferences || isAdmin}
          onChange={(unrepliedEmails) => setPreferences({ unrepliedEmails })}
        />
      </div>
      <PauseSetting device={device} now={now} onChange={setDevice} />
      <PreviewSetting preview={device.preview} onChange={(preview) => setDevice({ preview })} />
      <Status server={server} connection={connection} health={health} now={now} />
      <div class="settings-group settings-acts">
        <TestNotification request={request} showHelp={showHelp} />
        <button
          type="button"
          class="button button-quiet button-danger"
          onClick={() => request(() => sendMessage('signOut', undefined))}
        >
          {i18n.t('popup.signOut')}
        </button>
      </div>
    </section>
  );
}
