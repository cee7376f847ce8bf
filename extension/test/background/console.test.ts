// @vitest-environment node
import { expect, test, vi } from 'vitest';
import { sendMessage } from '../../messages.ts';
import { aNotification } from '../notification.ts';
import { setUp, TOKEN } from './worker.ts';

const MARK = 'mark-4711';
const marked = aNotification({
  id: `n-${MARK}`,
  conversationId: `c-${MARK}`,
  seq: 11,
  customer: { kind: 'contact', name: `Maria ${MARK}`, address: `+35191${MARK}` },
  message: { text: `My code is ${MARK}`, sentAt: '2026-11-23T09:00:00Z' },
});

/** What an error looks like on the console, its causes included. */
const written = (value: unknown): string =>
  value instanceof Error ? `${value.stack} ${written(value.cause)}` : String(JSON.stringify(value) ?? value);

test('the console names no id, no name, no text and no token, whatever goes wrong', async () => {
  const all = await setUp();
  const lines: string[] = [];
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation((...parts) => void lines.push(parts.map(written).join(' ')));
  }
  const { desktop, server, browser, live, notify, saw, carriedOut } = all;
  const toastId = `conversation:c-${MARK}`;
  const { stream } = await live();
  server.reply(`POST /v1/conversations/c-${MARK}/read`, { status: 200, headers: { 'content-type': 'text/html' } });
  server.reply(`POST /v1/conversations/c-${MARK}/take`, {
    status: 200,
    body: '<html>',
    headers: { 'content-type': 'text/html' },
  });
  // Requests that find no answer.
  const fetched = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new TypeError('Failed to fetch'));
  await notify(stream, marked);
  desktop.toastButton.fire(toastId, 1);
  await saw(() => expect(desktop.toast(toastId)?.title).toMatch(/does not answer/));
  desktop.toastClicked.fire(toastId);
  await saw(() => expect(lines.filter((line) => line.includes('/read'))).not.toEqual([]));
  await sendMessage('markAllRead');
  fetched.mockRestore();
  // An event that cannot be read, a toast that is refused, and a click that leads nowhere.
  await carriedOut(stream, 'notification', `{"id":"${MARK}","text":`, 12);
  desktop.brokenIcons = ['.png'];
  await notify(stream, { ...marked, id: `m-${MARK}`, seq: 13, alertedSeq: 13 });
  for (const call of ['getAll', 'create'] as const) {
    vi.spyOn(browser.windows, call).mockRejectedValue(new Error('refused'));
  }
  desktop.toastClicked.fire(toastId);
  await vi.waitFor(() => expect(lines.join('\n')).toMatch(/led nowhere/), { timeout: 10_000 });

  expect(lines.length).toBeGreaterThan(4);
  expect(lines.filter((line) => line.includes(MARK) || line.includes(TOKEN))).toEqual([]);
});
