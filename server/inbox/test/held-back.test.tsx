// @vitest-environment happy-dom
/** A network that accepts the stream and holds its events back. */
import { screen } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CAUGHT_UP_WITHIN_MS, POLL_EVERY_MS } from '../src/live.ts';
import { conversation, FakeServer, FakeStream, ME, notification } from './fake-server.ts';
import { closePage, openPage } from './page.tsx';

const HELD_BACK = /^Something between you and the server holds messages back; checking every 30 seconds/;
let server: FakeServer;

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('visible');
  vi.spyOn(document, 'hasFocus').mockReturnValue(true);
  server = new FakeServer();
  serves([]);
});
afterEach(() => {
  closePage();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
const polls = () => server.times('GET', '/notifications?limit=200');
function serves(items: ReturnType<typeof notification>[], unread = items.length) {
  server.answers.set('GET /notifications?limit=200', { status: 200, body: { items, unread, cursor: 99 } });
}
async function opened() {
  openPage(server);
  await pass(100);
  expect(FakeStream.opened).toHaveLength(1);
}

describe('a stream that brings nothing', () => {
  test('is said to be held back, and what waits comes by asking', async () => {
    await opened();
    serves([notification('n1', 'c1', 5)]);
    server.conversations = [conversation('c1')];
    await pass(CAUGHT_UP_WITHIN_MS);
    expect(screen.getByText(HELD_BACK)).toBeTruthy();
    expect(screen.getByRole('button', { name: 'Notifications, 1 unread' })).toBeTruthy();
    await pass(100);
    expect(screen.getByRole('button', { name: /^Team\s*1/ })).toBeTruthy();
  });

  test('is made up for every 30 seconds, preferences included', async () => {
    await opened();
    await pass(CAUGHT_UP_WITHIN_MS);
    expect(polls()).toBe(1);
    server.me = { ...ME, agent: { ...ME.agent, name: 'Ana Novak' } };
    serves([notification('n1', 'c1', 5)]);
    await pass(POLL_EVERY_MS);
    expect(polls()).toBe(2);
    expect(document.title).toBe('(1) Converso inbox');
    expect(screen.getByRole('button', { name: /Ana Novak/ })).toBeTruthy();
  });

  test('is no more held back when it has caught up', async () => {
    await opened();
    await pass(CAUGHT_UP_WITHIN_MS);
    server.snapshot();
    await pass(0);
    expect(screen.queryByText(HELD_BACK)).toBeNull();
    const before = polls();
    await pass(2 * POLL_EVERY_MS);
    expect(polls()).toBe(before);
  });

  test('is called offline when asking finds no server either', async () => {
    await opened();
    server.online = false;
    await pass(CAUGHT_UP_WITHIN_MS);
    expect(screen.getByText(/^Offline/)).toBeTruthy();
    server.online = true;
    await pass(POLL_EVERY_MS);
    expect(screen.getByText(HELD_BACK)).toBeTruthy();
  });

  test('stays held back over attempts that bring nothing', async () => {
    await opened();
    await pass(CAUGHT_UP_WITHIN_MS);
    server.stream.stumble();
    await pass(10_000);
    server.stream.giveUp();
    await pass(10_000);
    expect(screen.getByText(HELD_BACK)).toBeTruthy();
    expect(FakeStream.opened.length).toBeGreaterThan(1);
    const before = polls();
    await pass(POLL_EVERY_MS);
    expect(polls()).toBe(before + 1);
  });

  test('is not asked about while the tab is hidden', async () => {
    await opened();
    await pass(CAUGHT_UP_WITHIN_MS);
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    const before = polls();
    await pass(3 * POLL_EVERY_MS);
    expect(polls()).toBe(before);
  });

  test('takes nothing back: what it brings after a poll was older', async () => {
    await opened();
    server.hold('GET /notifications?limit=200');
    serves([notification('n1', 'c1', 5)]);
    await pass(CAUGHT_UP_WITHIN_MS);
    server.snapshot();
    server.release();
    await pass(100);
    expect(document.title).toBe('Converso inbox');
  });
});

test('a stream that has caught up in time is said nothing about', async () => {
  await opened();
  server.snapshot();
  await pass(CAUGHT_UP_WITHIN_MS + POLL_EVERY_MS);
  expect(polls()).toBe(0);
  expect(screen.queryByText(HELD_BACK)).toBeNull();
});
