// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { conversation, FakeServer, FakeStream, ME, notification } from './fake-server.ts';
import { button, closePage, openPage } from './page.tsx';

let server: FakeServer;
let shown: 'visible' | 'hidden';
let focused: boolean;

beforeEach(() => {
  server = new FakeServer();
  shown = 'visible';
  focused = true;
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => shown);
  vi.spyOn(document, 'hasFocus').mockImplementation(() => focused);
  // The shortest wait between two attempts.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  closePage();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

function show(state: 'visible' | 'hidden') {
  shown = state;
  document.dispatchEvent(new Event('visibilitychange'));
}
const streaming = () => waitFor(() => expect(FakeStream.opened.length).toBeGreaterThan(0));

describe('what the stream tells', () => {
  test('a change of the lists is on the page without a reload', async () => {
    openPage(server);
    await streaming();
    server.snapshot();
    fireEvent.click(await button(/^Team/));
    await screen.findByText('Everyone is looked after');
    server.conversations = [conversation('c1')];
    server.stream.send('conversations', {});
    expect(await screen.findByRole('link', { name: /Customer c1/ })).toBeTruthy();
    expect(await button(/^Team\s*1/)).toBeTruthy();
  });

  test('a change of the open chat is in the thread', async () => {
    server.conversations = [conversation('c1')];
    openPage(server, '/inbox/c1');
    await screen.findByRole('heading', { name: 'Customer c1' });
    server.conversations = [conversation('c1', { handedOver: true })];
    server.stream.send('conversations', {});
    expect((await screen.findAllByText('AI handed over')).length).toBeGreaterThan(0);
  });

  test('the bell counts as the server does, and the title with it', async () => {
    openPage(server);
    await streaming();
    server.snapshot([notification('n1', 'c1', 1), notification('n2', 'c2', 2)]);
    expect(await button('Notifications, 2 unread')).toBeTruthy();
    expect(document.title).toBe('(2) Converso inbox');
    server.stream.send('notification', { ...notification('n1', 'c1', 3), state: 'settled', unread: 1 }, '3');
    expect(await button('Notifications, 1 unread')).toBeTruthy();
  });

  test('a click in the bell opens the chat, and brings the view that lists it', async () => {
    server.conversations = [conversation('c1')];
    openPage(server);
    await streaming();
    server.snapshot([notification('n1', 'c1', 1)]);
    fireEvent.click(await button('Notifications, 1 unread'));
    fireEvent.click(document.querySelector<HTMLElement>('.bell-open')!);
    expect(await screen.findByRole('heading', { name: 'Customer c1' })).toBeTruthy();
    expect(location.pathname).toBe('/inbox/c1');
    expect((await button(/^Team/)).getAttribute('aria-current')).toBe('true');
  });

  test('a switch flipped on another device flips here', async () => {
    openPage(server);
    await streaming();
    server.snapshot();
    fireEvent.click(await button(/Ana Alvarez/));
    const toggle = await screen.findByRole('switch', { name: 'Enable message notifications' });
    expect(toggle.getAttribute('aria-checked')).toBe('true');
    server.stream.send('preferences', { ...ME.preferences, messageNotifications: false }, '5');
    await waitFor(() => expect(toggle.getAttribute('aria-checked')).toBe('false'));
  });

  test('a switch that the server refuses goes back', async () => {
    openPage(server);
    fireEvent.click(await button(/Ana Alvarez/));
    const toggle = await screen.findByRole('switch', { name: 'Enable message notifications' });
    server.answers.set('PATCH /me/preferences', { status: 503, body: { title: 'Not now.', status: 503 } });
    fireEvent.click(toggle);
    expect(await screen.findByText('Not now.')).toBeTruthy();
    expect(toggle.getAttribute('aria-checked')).toBe('true');
  });
});

describe('reading', () => {
  const reads = () => server.times('POST', '/conversations/c1/read');
  beforeEach(() => {
    server.conversations = [conversation('c1')];
  });

  test('opening a chat reads it', async () => {
    openPage(server, '/inbox/c1');
    await waitFor(() => expect(reads()).toBe(1));
  });

  test('a chat is not read before it is on the page', async () => {
    const chat = 'GET /conversations/c1';
    server.conversations = [conversation('c1')];
    server.hold(chat);
    openPage(server, '/inbox/c1');
    await streaming();
    server.snapshot([notification('n1', 'c1', 1)]);
    await button('Notifications, 1 unread');
    expect(reads()).toBe(0);
    server.release();
    await screen.findByRole('heading', { name: 'Customer c1' });
    await waitFor(() => expect(reads()).toBe(1));
  });

  test('a chat that is not the agent’s to see is not read', async () => {
    openPage(server, '/inbox/c9');
    await streaming();
    server.snapshot();
    await screen.findByText('This chat is not here');
    expect(server.times('POST', '/conversations/c9/read')).toBe(0);
  });

  test('a message for the chat in view is read at once', async () => {
    openPage(server, '/inbox/c1');
    await waitFor(() => expect(reads()).toBe(1));
    server.snapshot();
    server.stream.send('notification', { ...notification('n1', 'c1', 4), unread: 1 }, '4');
    await waitFor(() => expect(reads()).toBe(2));
  });

  test('a message for the chat in view waits while another application is in front', async () => {
    focused = false;
    openPage(server, '/inbox/c1');
    await waitFor(() => expect(reads()).toBe(1));
    server.snapshot();
    server.stream.send('notification', { ...notification('n1', 'c1', 4), unread: 1 }, '4');
    await button('Notifications, 1 unread');
    expect(reads()).toBe(1);
    focused = true;
    dispatchEvent(new Event('focus'));
    await waitFor(() => expect(reads()).toBe(2));
  });

  test('a chat loaded in a hidden tab is read when somebody looks', async () => {
    shown = 'hidden';
    openPage(server, '/inbox/c1');
    await screen.findByRole('heading', { name: 'Customer c1' });
    expect(reads()).toBe(0);
    show('visible');
    await waitFor(() => expect(reads()).toBe(1));
  });

  test('a message that arrives while the chat is being read is read too, not just shown so', async () => {
    server.hold('POST /conversations/c1/read');
    openPage(server, '/inbox/c1');
    await waitFor(() => expect(reads()).toBe(1));
    server.snapshot();
    server.stream.send('notification', { ...notification('n1', 'c1', 4), unread: 1 }, '4');
    server.release();
    await waitFor(() => expect(reads()).toBe(2));
  });

  test('a message for another chat stays unread', async () => {
    openPage(server, '/inbox/c1');
    await waitFor(() => expect(reads()).toBe(1));
    server.snapshot();
    server.stream.send('notification', { ...notification('n2', 'c2', 4), unread: 1 }, '4');
    await button('Notifications, 1 unread');
    expect(server.times('POST', '/conversations/c2/read')).toBe(0);
  });
});

describe('the line', () => {
  test('is closed while the tab is hidden, and resumes where it was', async () => {
    openPage(server);
    await streaming();
    server.snapshot([notification('n1', 'c1', 7)]);
    const first = server.stream;
    show('hidden');
    expect(first.readyState).toBe(2);
    show('visible');
    expect(server.stream).not.toBe(first);
    expect(server.stream.url).toBe('/v1/stream?conversations=1&cursor=7');
  });

  test('that breaks is shown after a moment, and no longer once it is back', async () => {
    openPage(server);
    await streaming();
    server.snapshot();
    server.stream.stumble();
    expect(screen.queryByText(/Offline/)).toBeNull();
    expect(await screen.findByText(/Offline/, {}, { timeout: 3_000 })).toBeTruthy();
    server.stream.send('caught_up', { unread: 0 }, '1');
    await waitFor(() => expect(screen.queryByText(/Offline/)).toBeNull());
  });

  test('that was given up by the browser is opened again', async () => {
    openPage(server);
    await streaming();
    server.stream.giveUp();
    await waitFor(() => expect(FakeStream.opened.length).toBe(2), { timeout: 3_000 });
  });

  test('that the server refuses because the session ended leads to the sign-in', async () => {
    openPage(server);
    await streaming();
    server.signedIn = false;
    server.stream.giveUp();
    expect(await screen.findByLabelText('Your work email', {}, { timeout: 3_000 })).toBeTruthy();
  });

  test('that another window took over comes back when this one is used', async () => {
    openPage(server);
    await streaming();
    server.stream.send('goodbye', { reason: 'replaced' });
    expect(await screen.findByText(/another window/)).toBeTruthy();
    expect(FakeStream.opened.length).toBe(1);
    fireEvent.pointerDown(document.body);
    expect(FakeStream.opened.length).toBe(2);
    server.snapshot();
    await waitFor(() => expect(screen.queryByText(/another window/)).toBeNull());
  });
});
