// @vitest-environment node
import { expect, test } from 'vitest';
import { aMe, aNotification } from '../notification.ts';
import { setUp } from './worker.ts';

const conversation = (id: string) => ({ id, channel: 'whatsapp', group: { id: 'g1', name: 'Sales' } });

test('every decision is kept with its reason', async () => {
  const { live, notify, state } = await setUp();
  const { connection } = await live();
  await notify(connection, aNotification({ seq: 11 }));
  await state.device.setValue({ pausedUntil: Date.now() + 60_000, preview: 'full' });
  await notify(connection, aNotification({ id: 'n2', seq: 12, conversation: conversation('c2') }));
  await notify(connection, aNotification({ id: 'n2', seq: 13, state: 'settled', conversation: conversation('c2') }));
  const kept = await state.decisions.getValue();
  expect(kept.map(({ conversationId, outcome }) => [conversationId, outcome])).toEqual([
    ['c2', 'not_open'],
    ['c2', 'paused'],
    ['c1', 'toast'],
  ]);
});

test('a handover breaks through a pause where the agent lets it', async () => {
  const { live, notify, desktop, state } = await setUp();
  const { connection } = await live();
  await state.device.setValue({ pausedUntil: Date.now() + 60_000, preview: 'full', breakThrough: true });
  await notify(connection, aNotification({ seq: 11 }));
  expect(desktop.titles()).toEqual([]);
  await notify(connection, aNotification({ id: 'n2', seq: 12, reason: 'handover', conversation: conversation('c2') }));
  expect(desktop.toast('conversation:c2')).toMatchObject({ requireInteraction: true });
});

test('several chats at once are kept as one summary', async () => {
  const { start, server, state, saw } = await setUp();
  start();
  const connection = await server.connection();
  const items = ['c1', 'c2', 'c3', 'c4'].map((id, index) =>
    aNotification({ id: `n${index}`, seq: index + 1, conversation: conversation(id) }),
  );
  connection.send('snapshot', { me: aMe(), unread: 4, items }, 10);
  connection.send('caught_up', { unread: 4 }, 10);
  await saw(async () => {
    const outcomes = (await state.decisions.getValue()).map(({ outcome }) => outcome);
    expect(outcomes).toEqual(['summary', 'summary', 'summary', 'summary']);
  });
});
