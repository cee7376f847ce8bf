import { Bell, BellGlyph, EmptyBell } from '@converso/shared/ui';
import { useEffect, useRef, useState } from 'preact/hooks';
import { i18n } from '#i18n';
import { sendMessage } from '../../messages.ts';
import { bellTexts } from '../../pages/bell-texts.ts';
import { openWelcomePage } from '../../pages/open-welcome-page.ts';
import { type Stored, useStored } from '../../pages/stored.ts';
import { useNow } from '../../pages/use-now.ts';
import { NoticeBar } from './notice-bar.tsx';
import { noticesFor } from './notices.ts';
import { Settings } from './settings.tsx';
import { SignedOut } from './signed-out.tsx';
import { useKeys } from './use-keys.ts';
import { usePreferences } from './use-preferences.ts';
import { useRequest } from './use-request.ts';

const showPage = async (at?: '#help') => {
  await openWelcomePage(at);
  window.close();
};

/** What is under the toolbar's bell. `first` is what was stored when it opened. */
export function Popup({ first }: { first: Stored }) {
  const stored = useStored(first);
  const { account, bell, device, connection, health } = stored;
  const now = useNow(connection.state === 'connecting' ? 1_000 : 15_000);
  const { trouble, request } = useRequest();
  const { preferences, set: setPreferences } = usePreferences(bell.me?.preferences ?? null, request);
  const [settingsOpen, openSettings] = useState(false);
  const accountButton = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    request(() => sendMessage('popupOpened', undefined));
  }, []);

  useKeys({
    Escape: (event) => {
      if (!settingsOpen) return;
      // Chrome would close the whole popup.
      event.preventDefault();
      openSettings(false);
      accountButton.current?.focus();
    },
    // Whoever opened the popup by keyboard is in the list with one key.
    ArrowDown: (event) => {
      if (document.activeElement !== document.body) return;
      event.preventDefault();
      document.querySelector<HTMLElement>('.bell-open[tabindex="0"]')?.focus();
    },
  });

  if (!account) return <SignedOut againstWill={connection.againstWill} />;

  const leave = async (send: () => Promise<unknown>) => {
    if (await request(send)) window.close();
  };
  const notices = noticesFor({ ...stored, inboxRefused: stored.inboxRefusal !== null, preferences, now });
  const actions = {
    reconnect: () => request(() => sendMessage('popupOpened', undefined)),
    turnOn: () => setPreferences({ messageNotifications: true }),
    resume: () => request(() => sendMessage('setDevice', { pausedUntil: null })),
    showHelp: () => showPage('#help'),
    showInboxHelp: () => showPage(),
  };
  const name = bell.me?.agent.name ?? i18n.t('popup.account');
  return (
    <div class="popup">
      <header class="popup-head">
        <h1 class="popup-title">
          <BellGlyph size={20} />
          {i18n.t('bell.title')}
          {bell.unread > 0 && <span class="count">{bell.unread > 99 ? '99+' : bell.unread}</span>}
        </h1>
        <button
          type="button"
          class="account"
          ref={accountButton}
          aria-expanded={settingsOpen}
          aria-controls="settings"
          aria-label={i18n.t('popup.settingsOf', [name])}
          title={name}
          onClick={() => openSettings(!settingsOpen)}
        >
          <bdi class="account-name">{name}</bdi>
          <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
            <path d="m2.5 4.5 3.5 3.5 3.5-3.5" fill="none" stroke="currentColor" stroke-width="1.6" />
          </svg>
        </button>
      </header>
      <div role="status">
        {notices.map((notice) => (
          <NoticeBar key={notice.kind} notice={notice} now={now} actions={actions} />
        ))}
      </div>
      {trouble && (
        <p class="notice notice-danger" role="alert">
          {trouble}
        </p>
      )}
      <main class="popup-main">
        {settingsOpen ? (
          <Settings
            me={bell.me}
            server={account.server}
            preferences={preferences}
            device={device}
            connection={connection}
            health={health}
            now={now}
            request={request}
            setPreferences={setPreferences}
            showHelp={actions.showHelp}
          />
        ) : (
          <List
            stored={stored}
            isKnown={!notices.some(({ kind }) => kind === 'connecting' || kind === 'disconnected')}
            now={now}
            onOpen={(id) => leave(() => sendMessage('openConversation', id))}
            onMarkAllRead={() => request(() => sendMessage('markAllRead', undefined))}
          />
        )}
      </main>
      <footer class="popup-foot" hidden={settingsOpen}>
        <span class="connection" data-status={connection.state}>
          {i18n.t(`popup.connection.${connection.state}`)}
        </span>
        <button
          type="button"
          class="button button-quiet"
          onClick={() => leave(() => sendMessage('openInbox', undefined))}
        >
          {i18n.t('popup.openInbox')}
        </button>
      </footer>
    </div>
  );
}

interface ListProps {
  stored: Stored;
  /** What is stored is what is so, as far as the server was heard a moment ago. */
  isKnown: boolean;
  now: number;
  onOpen(conversationId: string): void;
  onMarkAllRead(): void;
}

/** The bell; or, where an empty one would claim too much, what we can honestly say. */
function List({ stored: { bell, connection }, isKnown, now, onOpen, onMarkAllRead }: ListProps) {
  if (!bell.me) {
    return connection.state !== 'disconnected' && connection.state !== 'replaced' ? (
      <EmptyBell title={i18n.t('popup.fetchingTitle')} text={i18n.t('popup.fetchingText')} />
    ) : (
      <EmptyBell title={i18n.t('popup.unknownTitle')} text={i18n.t('popup.unknownText')} />
    );
  }
  if (bell.items.length === 0 && !(isKnown && connection.state !== 'replaced')) {
    return <EmptyBell title={i18n.t('popup.wasQuietTitle')} text={i18n.t('popup.wasQuietText')} />;
  }
  return (
    <Bell
      items={bell.items}
      unread={bell.unread}
      now={now}
      texts={bellTexts}
      onOpen={onOpen}
      onMarkAllRead={onMarkAllRead}
    />
  );
}
