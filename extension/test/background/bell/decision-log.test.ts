// @vitest-environment node
import { expect, test, vi } from 'vitest';
import { NO_BELL } from '../../../domain/bell.ts';
import type { Decision } from '../../../domain/decision.ts';
import { aMe, aNotification, INBOX } from '../../notification.ts';
import { setUp } from '../worker.ts';

const conversation = (id: string) => ({
  id,
  channel: 'whatsapp',
  group: { id: 'g1', name: 'Sales' },
  source: null,
  ref: null,
});

test('every decision is kept with its reason', async () => {
  const { live, notify, state } = await setUp();
  const { stream } = await live();
  await notify(stream, aNotification({ seq: 11 }));
  await state.device.setValue({ pausedUntil: Date.now() + 60_000, preview: 'full' });
  await notify(stream, aNotification({ id: 'n2', seq: 12, conversation: conversation('c2') }));
  await notify(stream, aNotification({ id: 'n2', seq: 13, state: 'settled', conversation: conversation('c2') }));
  const kept = await state.decisionLog.getValue();
  expect(kept.map(({ conversationId, outcome }) => [conversationId, outcome])).toEqual([
    ['c2', 'not_open'],
    ['c2', 'paused'],
    ['c1', 'toast'],
  ]);
});

type All = Awaited<ReturnType<typeof setUp>>;
const OFF = { messageNotifications: false, assistantChats: true, unrepliedEmails: true };

test.each<[Decision['outcome'], (all: All) => unknown]>([
  ['toast', () => {}],
  ['inbox_focused', ({ desktop }) => desktop.open([INBOX.url], { focused: true })],
  ['in_view', ({ desktop }) => desktop.open([`${INBOX.url}/c1`], { focused: true })],
  [
    'switched_off',
    ({ state }) => state.storedBell.setValue({ ...NO_BELL, cursor: '10', me: aMe({ preferences: OFF }) }),
  ],
  [
    'already_handled',
    ({ state }) =>
      state.storedBell.setValue({
        ...NO_BELL,
        cursor: '10',
        me: aMe(),
        handled: { c1: 11 },
        items: [aNotification({ seq: 10 })],
      }),
  ],
  [
    'no_permission',
    ({ desktop }) => {
      desktop.permission = 'denied';
    },
  ],
  [
    'refused',
    ({ browser }) => {
      vi.spyOn(console, 'error').mockImplementation(() => {});
      vi.spyOn(console, 'warn').mockImplementation(() => {});
      vi.spyOn(browser.notifications, 'create').mockRejectedValue(new Error('refused'));
    },
  ],
])('%s is the reason that is kept', async (outcome, arrange) => {
  const all = await setUp();
  const { stream } = await all.live();
  await arrange(all);
  await all.notify(stream, aNotification({ seq: 11 }));
  expect((await all.state.decisionLog.getValue()).map((kept) => kept.outcome)).toEqual([outcome]);
});

test('what only changes the toast on the screen, and what is no news, are kept as such', async () => {
  const { live, notify, state } = await setUp();
  const { stream } = await live();
  await notify(stream, aNotification({ seq: 11 }));
  await notify(stream, aNotification({ seq: 12 }));
  await notify(stream, aNotification({ seq: 13, alertedSeq: 12, alert: false }));
  expect((await state.decisionLog.getValue()).map(({ outcome }) => outcome)).toEqual(['silent', 'updated', 'toast']);
});

test('news that a pause holds back are kept once, however often the line breaks in it', async () => {
  const { live, notify, state, server, clock, saw, carriedOut } = await setUp();
  const { stream } = await live();
  await state.device.setValue({ pausedUntil: Date.now() + 60_000, preview: 'full' });
  await notify(stream, aNotification({ seq: 11 }));
  stream.cut();
  await saw(async () => expect((await state.connectionRecord.getValue()).state).toBe('disconnected'));
  clock.advance(3_000);
  await carriedOut(await server.stream(), 'caught_up', { unread: 1 }, 12);
  expect((await state.decisionLog.getValue()).map(({ outcome }) => outcome)).toEqual(['paused']);
});

test('a handover breaks through a pause where the agent lets it', async () => {
  const { live, notify, desktop, state } = await setUp();
  const { stream } = await live();
  await state.device.setValue({ pausedUntil: Date.now() + 60_000, preview: 'full', breakThrough: true });
  await notify(stream, aNotification({ seq: 11 }));
  expect(desktop.titles()).toEqual([]);
  await notify(stream, aNotification({ id: 'n2', seq: 12, reason: 'handover', conversation: conversation('c2') }));
  expect(desktop.toast('conversation:c2')).toMatchObject({ requireInteraction: true });
});

test('several chats at once are kept as one summary', async () => {
  const { start, server, state, saw } = await setUp();
  start();
  const stream = await server.stream();
  const items = ['c1', 'c2', 'c3', 'c4'].map((id, index) =>
    aNotification({ id: `n${index}`, seq: index + 1, conversation: conversation(id) }),
  );
  stream.send('snapshot', { me: aMe(), unread: 4, items }, 10);
  stream.send('caught_up', { unread: 4 }, 10);
  await saw(async () => {
    const outcomes = (await state.decisionLog.getValue()).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['summary', 'summary', 'summary', 'summary']);
  });
});
