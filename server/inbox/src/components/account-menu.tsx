import type { Me } from '@converso/shared';
import { Avatar, Switch } from '@converso/shared/ui';
import { changePreference, signOut } from '../session.ts';
import { Glyph } from './glyph.tsx';
import { Popover } from './popover.tsx';

/** The login name, and under it what belongs to the agent. */
export function AccountMenu({ me: { agent, business, preferences } }: { me: Me }) {
  return (
    <Popover
      label="Your settings"
      buttonClass="login-name"
      panelClass="panel-account"
      button={
        <>
          <Avatar name={agent.name} />
          <bdi class="login-name-words">{agent.name}</bdi>
          <span class="visually-hidden">Your settings</span>
          <Glyph name="chevron" />
        </>
      }
    >
      {() => (
        <>
          <div class="account-who">
            <bdi class="account-name">{agent.name}</bdi>
            <span class="account-note">{agent.email}</span>
            <bdi class="account-note">{business.name}</bdi>
          </div>
          <div class="account-switches">
            <Switch
              label="Enable message notifications"
              note="Pop-ups by the Chrome extension, on all your devices."
              checked={preferences.messageNotifications}
              onChange={(on) => changePreference('messageNotifications', on)}
            />
            <Switch
              label="Chats the AI is answering"
              note="Tell me too, though nobody has to act yet."
              checked={preferences.assistantChats}
              onChange={(on) => changePreference('assistantChats', on)}
            />
            <Switch
              label="Email me about unreplied messages"
              note="Monday to Saturday at 8:00, 11:00, 14:00 and 17:00."
              checked={preferences.unrepliedEmails}
              onChange={(on) => changePreference('unrepliedEmails', on)}
            />
          </div>
          <div class="account-end">
            <button type="button" class="button" onClick={signOut}>
              Sign out
            </button>
          </div>
        </>
      )}
    </Popover>
  );
}
