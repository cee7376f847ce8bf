import { cleanup, fireEvent, render, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Popup } from '../../entrypoints/popup/popup.tsx';
import { readStored, type Stored } from '../../pages/stored.ts';
import { account, connectionRecord, device, inboxRefusal, NO_BELL, storedBell, toastHealth } from '../../state.ts';
import { startBrowser } from './browser.ts';
import { ANA, notification, signedIn } from './stored.ts';

let browser: ReturnType<typeof startBrowser>;
beforeEach(() => {
  browser = startBrowser();
});
afterEach(cleanup);

/** Stores it as the worker would, and opens the popup as its entrypoint does. */
async function open(stored: Stored = signedIn()) {
  await Promise.all([
    account.setValue(stored.account),
    storedBell.setValue(stored.bell),
    device.setValue(stored.device),
    connectionRecord.setValue(stored.connection),
    toastHealth.setValue(stored.health),
    inboxRefusal.setValue(stored.inboxRefusal),
  ]);
  const page = render(<Popup first={await readStored()} />);
  const name = stored.bell.me?.agent.name ?? 'Account';
  const openSettings = () => {
    fireEvent.click(page.getByRole('button', { name: `${name}, settings` }));
    return within(page.getByRole('region', { name: 'Settings' }));
  };
  return { ...page, openSettings };
}

const sent = (type: string) => browser.sent.filter((message) => message.type === type).map((message) => message.data);
const withMe = (me: Partial<typeof ANA>) => signedIn({ bell: { ...signedIn().bell, me: { ...ANA, ...me } } });

describe('the first paint', () => {
  test('is made from storage before the worker has answered', async () => {
    browser.answers.popupOpened = () => new Promise(() => undefined);
    const { getByText, getByRole } = await open();
    expect(getByText('Where is my order?')).toBeTruthy();
    expect(getByRole('heading', { name: 'Notifications 1' })).toBeTruthy();
  });

  test('tells the worker that the popup is open', async () => {
    await open();
    await waitFor(() => expect(sent('popupOpened')).toHaveLength(1));
  });

  test('counts as the badge does, 99+ at most', async () => {
    const { getByRole } = await open(signedIn({ bell: { ...signedIn().bell, unread: 128 } }));
    expect(getByRole('heading', { name: 'Notifications 99+' })).toBeTruthy();
  });

  test('shows what the worker stores while it is open', async () => {
    const { findByText } = await open();
    const later = notification({ id: 'n2', message: { text: 'Hello again', sentAt: new Date().toISOString() } });
    await storedBell.setValue({ ...signedIn().bell, items: [later, notification()], unread: 2 });
    expect(await findByText('Hello again')).toBeTruthy();
  });
});

describe('the list', () => {
  test('a click asks the worker for the conversation and closes the popup', async () => {
    const { getByText } = await open();
    fireEvent.click(getByText('Where is my order?'));
    await waitFor(() => expect(browser.close).toHaveBeenCalled());
    expect(sent('openConversation')).toEqual(['c1']);
  });

  test('is reached with the arrow down as soon as the popup is open', async () => {
    const { getByText } = await open();
    fireEvent.keyDown(document.body, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(getByText('Where is my order?').closest('button'));
  });

  test('stays open and says so when the conversation could not be opened', async () => {
    browser.answers.openConversation = () => Promise.reject(new Error('no window'));
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const { getByText, findByRole } = await open();
    browser.close.mockClear();
    fireEvent.click(getByText('Where is my order?'));
    expect((await findByRole('alert')).textContent).toBe('That did not work. Please try again.');
    expect(browser.close).not.toHaveBeenCalled();
  });

  test('marks all as read, or says why not', async () => {
    browser.answers.markAllRead = { ok: false, error: 'unreachable' };
    const { getByRole, findByRole } = await open();
    fireEvent.click(getByRole('button', { name: 'Mark all as read' }));
    expect((await findByRole('alert')).textContent).toBe('The server does not answer. Nothing was changed.');
    expect(sent('markAllRead')).toHaveLength(1);
  });

  test('is kind when nothing waits', async () => {
    const { getAllByText } = await open(signedIn({ bell: { ...NO_BELL, me: ANA } }));
    expect(getAllByText('All quiet').length).toBeGreaterThan(0);
  });

  test('does not call it quiet while the server cannot be heard', async () => {
    const offline = { state: 'disconnected' as const, since: 0, lastEventAt: Date.now(), againstWill: false };
    const { queryByText, getByText } = await open(signedIn({ bell: { ...NO_BELL, me: ANA }, connection: offline }));
    expect(queryByText('All quiet')).toBeNull();
    expect(getByText('It was quiet')).toBeTruthy();
  });

  test('does not call it quiet while a connection has brought nothing for long', async () => {
    const deaf = { state: 'connecting' as const, since: 0, lastEventAt: Date.now() - 45_000, againstWill: false };
    const { queryByText, getByText } = await open(signedIn({ bell: { ...NO_BELL, me: ANA }, connection: deaf }));
    expect(queryByText('All quiet')).toBeNull();
    expect(getByText('It was quiet')).toBeTruthy();
  });

  test('promises nothing before the first snapshot', async () => {
    const { getByText } = await open(signedIn({ bell: NO_BELL }));
    expect(getByText('One moment')).toBeTruthy();
  });
});

describe('notices', () => {
  test('not connected: since when, and a button that tries again', async () => {
    const lastEventAt = new Date().setHours(0, 3, 0, 0);
    const { getByRole, getByText } = await open(
      signedIn({ connection: { state: 'disconnected', since: Date.now(), lastEventAt, againstWill: false } }),
    );
    expect(getByText(/^Not connected since .*03.* Showing what we knew\.$/)).toBeTruthy();
    await waitFor(() => expect(sent('popupOpened')).toHaveLength(1));
    fireEvent.click(getByRole('button', { name: 'Try again' }));
    await waitFor(() => expect(sent('popupOpened')).toHaveLength(2));
  });

  test('a network that holds the stream back: what is wrong, and what is done about it', async () => {
    const polling = { state: 'polling' as const, since: 0, lastEventAt: Date.now(), againstWill: false };
    const { getByText } = await open(signedIn({ connection: polling }));
    expect(
      getByText('Something between you and the server holds messages back; checking every 30 seconds'),
    ).toBeTruthy();
    expect(getByText('Checking every 30 seconds')).toBeTruthy();
  });

  test('switched off: one click turns it on again', async () => {
    browser.answers.setPreferences = { ok: true };
    const { getByRole } = await open(withMe({ preferences: { ...ANA.preferences, messageNotifications: false } }));
    fireEvent.click(getByRole('button', { name: 'Turn on' }));
    await waitFor(() => expect(sent('setPreferences')).toEqual([{ messageNotifications: true }]));
  });

  test('paused: one click resumes', async () => {
    const { getByRole } = await open(signedIn({ device: { pausedUntil: Date.now() + 60_000, preview: 'full' } }));
    fireEvent.click(getByRole('button', { name: 'Resume' }));
    await waitFor(() => expect(sent('setDevice')).toEqual([{ pausedUntil: null }]));
  });

  test('an inbox that may not be opened: the way to the page that says why', async () => {
    const { getByRole, getByText } = await open(
      signedIn({ inboxRefusal: { reason: 'not_granted', url: 'https://inbox.example/inbox' } }),
    );
    expect(getByText(/not one we may open/)).toBeTruthy();
    fireEvent.click(getByRole('button', { name: 'How to fix it' }));
    await waitFor(async () =>
      expect(await browser.tabs()).toContain('chrome-extension://test-extension-id/welcome.html'),
    );
  });

  test('blocked by the system: the way to the help', async () => {
    const { getByRole } = await open(signedIn({ health: { permission: 'denied', lastToastAt: null } }));
    fireEvent.click(getByRole('button', { name: 'How to fix it' }));
    await waitFor(async () =>
      expect(await browser.tabs()).toContain('chrome-extension://test-extension-id/welcome.html#help'),
    );
  });
});

describe('settings, under the agent’s name', () => {
  test('open and close by the name, and by Escape with the focus back on it', async () => {
    const { openSettings, getByRole, queryByRole } = await open();
    openSettings();
    const name = getByRole('button', { name: 'Ana Silva, settings' });
    expect(name.getAttribute('aria-expanded')).toBe('true');
    fireEvent.keyDown(document.body, { key: 'Escape' });
    await waitFor(() => expect(queryByRole('region', { name: 'Settings' })).toBeNull());
    expect(document.activeElement).toBe(name);
  });

  test.each([
    ['Enable message notifications', { messageNotifications: false }],
    ['Chats the AI is answering', { assistantChats: false }],
    ['Email me about unreplied messages', { unrepliedEmails: false }],
  ])('the switch "%s" is shown at once and sent', async (label, patch) => {
    browser.answers.setPreferences = () => new Promise(() => undefined);
    const { openSettings } = await open();
    const toggle = openSettings().getByRole('switch', { name: label });
    expect(toggle.getAttribute('aria-checked')).toBe('true');
    fireEvent.click(toggle);
    await waitFor(() => expect(toggle.getAttribute('aria-checked')).toBe('false'));
    expect(sent('setPreferences')).toEqual([patch]);
  });

  test('a switch goes back when the server does not take it, and says why', async () => {
    browser.answers.setPreferences = { ok: false, error: 'too_many', retryAfterSeconds: 61 };
    const { openSettings, findByRole } = await open();
    const toggle = openSettings().getByRole('switch', { name: 'Chats the AI is answering' });
    fireEvent.click(toggle);
    expect((await findByRole('alert')).textContent).toBe('That was too often. Try again in 2 minutes.');
    expect(toggle.getAttribute('aria-checked')).toBe('true');
  });

  test('what another device switched wins over what was shown at once', async () => {
    browser.answers.setPreferences = { ok: true };
    const { openSettings } = await open();
    const settings = openSettings();
    fireEvent.click(settings.getByRole('switch', { name: 'Chats the AI is answering' }));
    const preferences = { ...ANA.preferences, messageNotifications: false };
    await storedBell.setValue({ ...signedIn().bell, me: { ...ANA, preferences } });
    const on = (name: string) => settings.getByRole('switch', { name }).getAttribute('aria-checked');
    await waitFor(() => expect(on('Enable message notifications')).toBe('false'));
    expect(on('Chats the AI is answering')).toBe('true');
  });

  test('an admin gets no emails, and is told so', async () => {
    const { openSettings } = await open(withMe({ agent: { ...ANA.agent, role: 'admin' } }));
    const toggle = openSettings().getByRole('switch', { name: 'Email me about unreplied messages' });
    expect(toggle.hasAttribute('disabled')).toBe(true);
    expect(document.getElementById(toggle.getAttribute('aria-describedby') ?? '')?.textContent).toBe(
      'Admins are not emailed.',
    );
  });

  test('pause for half an hour', async () => {
    const { openSettings } = await open();
    fireEvent.click(openSettings().getByRole('button', { name: '30 min' }));
    await waitFor(() => expect(sent('setDevice')).toHaveLength(1));
    const { pausedUntil } = sent('setDevice')[0] as { pausedUntil: number };
    expect(Math.abs(pausedUntil - Date.now() - 1_800_000)).toBeLessThan(5_000);
  });

  test('the preview level is a choice of three', async () => {
    const { openSettings } = await open();
    const radios = openSettings().getAllByRole('radio') as HTMLInputElement[];
    expect(radios.map((radio) => radio.checked)).toEqual([true, false, false]);
    fireEvent.click(radios[1] as HTMLElement);
    await waitFor(() => expect(sent('setDevice')).toEqual([{ preview: 'sender' }]));
  });

  test('the state of things in words', async () => {
    const { openSettings } = await open(signedIn({ health: { permission: 'denied', lastToastAt: null } }));
    const settings = openSettings();
    const facts = settings.getAllByRole('definition').map((fact) => fact.textContent);
    expect(facts).toEqual(['Connected', 'just now', 'Blocked', 'localhost:8787']);
  });

  test('a test notification reports what the system allows', async () => {
    browser.answers.testNotification = { ok: true, permission: 'denied' };
    const { openSettings, findByText } = await open();
    fireEvent.click(openSettings().getByRole('button', { name: 'Send a test notification' }));
    expect(await findByText(/Your computer or Chrome blocks it/)).toBeTruthy();
  });

  test('sign out', async () => {
    const { openSettings } = await open();
    fireEvent.click(openSettings().getByRole('button', { name: 'Sign out' }));
    await waitFor(() => expect(sent('signOut')).toHaveLength(1));
  });
});

describe('signed out', () => {
  test('there is a way back in', async () => {
    const { getByRole, queryByRole } = await open(signedIn({ account: null, bell: NO_BELL }));
    expect(getByRole('heading', { name: 'You are signed out' })).toBeTruthy();
    expect(queryByRole('list')).toBeNull();
    fireEvent.click(getByRole('button', { name: 'Sign in' }));
    await waitFor(async () =>
      expect(await browser.tabs()).toContain('chrome-extension://test-extension-id/welcome.html'),
    );
  });

  test('against one’s will is said plainly', async () => {
    const ended = { ...signedIn().connection, state: 'signed_out' as const, againstWill: true };
    const { getByRole } = await open(signedIn({ account: null, bell: NO_BELL, connection: ended }));
    expect(getByRole('heading', { name: 'Your session has ended' })).toBeTruthy();
  });

  test('happens at once when the worker erases the account', async () => {
    const { findByRole } = await open();
    await account.setValue(null);
    expect(await findByRole('heading', { name: 'You are signed out' })).toBeTruthy();
  });
});
