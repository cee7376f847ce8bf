// @vitest-environment node
import type { Notification } from '@converso/shared';
import { describe, expect, test } from 'vitest';
import { type PreviewLevel, type ToastContent, type ToastTexts, toastContent } from '../../domain/toast-content.ts';
import { aNotification } from '../notification.ts';

const EVENTS = { inbound: 'New message', handover: 'AI handed over', assigned: 'Now yours' };
const WHYS: Record<string, string> = {
  assigned_to_you: 'assigned to you',
  team_unassigned: 'nobody has it',
  assistant_answering: 'AI answers',
  assistant_gave_up: 'AI gave up',
};
const texts: ToastTexts = {
  guest: 'Guest',
  someone: 'Converso',
  event: (reason) => EVENTS[reason],
  attachment: 'Something without text',
  // The browser gives an empty text for a key that it does not know.
  why: (why) => WHYS[why] ?? '',
  open: 'Open',
  take: 'Take',
};
const content = (facts: Partial<Notification>, preview: PreviewLevel = 'full', canTake = true) =>
  toastContent(aNotification(facts), { preview, canTake, texts });

test('a toast of a message says who wrote, what, where, and why the agent is notified', () => {
  expect(content({})).toEqual({
    title: 'Maria Silva',
    message: 'Do you deliver to Porto?',
    contextMessage: 'WhatsApp · Sales · nobody has it',
    buttons: [{ title: 'Open' }, { title: 'Take' }],
    requireInteraction: false,
    eventTime: Date.parse('2026-11-23T09:00:00Z'),
  });
});

const customer = { kind: 'contact' as const, name: null, address: '+351900000001' };
const conversation = {
  id: 'c1',
  channel: 'carrier-pigeon',
  group: { id: 'g1', name: 'Sales' },
  source: null,
  ref: null,
};
describe('one fact makes the difference', () => {
  test.each<[string, Partial<Notification>, Partial<ToastContent>]>([
    ['no name: the number', { customer }, { title: '+351900000001' }],
    ['neither: a guest', { customer: { ...customer, kind: 'guest', address: null } }, { title: 'Guest' }],
    [
      'a message without text',
      { message: { text: ' ', sentAt: '2026-11-23T09:00:00Z' } },
      { message: 'Something without text' },
    ],
    [
      'a message of characters that nobody sees',
      { message: { text: '\u3164\u200b', sentAt: '2026-11-23T09:00:00Z' } },
      { message: 'Something without text' },
    ],
    [
      'a group whose name nobody sees',
      { conversation: { id: 'c1', channel: 'whatsapp', group: { id: 'g1', name: '\u3164' }, source: null, ref: null } },
      { contextMessage: 'WhatsApp · nobody has it' },
    ],
    [
      'a channel and a reason of a newer server',
      {
        conversation: { id: 'c1', channel: '\u2800', group: { id: 'g1', name: 'Sales' }, source: null, ref: null },
        why: 'because' as Notification['why'],
      },
      { contextMessage: 'Sales' },
    ],
    [
      'a handover without a message stays on the screen',
      { reason: 'handover', why: 'assistant_gave_up', message: null },
      { message: 'AI handed over', contextMessage: 'WhatsApp · Sales · AI gave up', requireInteraction: true },
    ],
    [
      'an assignment offers nothing to take',
      { reason: 'assigned', why: 'assigned_to_you', message: null },
      { message: 'Now yours', buttons: [{ title: 'Open' }] },
    ],
    [
      'what the assistant answers can be taken',
      { why: 'assistant_answering' },
      { buttons: [{ title: 'Open' }, { title: 'Take' }], contextMessage: 'WhatsApp · Sales · AI answers' },
    ],
    [
      'a channel without a label of its own',
      { conversation },
      { contextMessage: 'Carrier-pigeon · Sales · nobody has it' },
    ],
    [
      'no message: its time is that of the news',
      { message: null, updatedAt: '2026-11-23T10:00:00Z' },
      { eventTime: Date.parse('2026-11-23T10:00:00Z') },
    ],
  ])('%s', (_name, facts, expected) => {
    expect(content(facts)).toMatchObject(expected);
  });

  test('an inbox of somebody else offers no "Take"', () => {
    expect(content({}, 'full', false).buttons).toEqual([{ title: 'Open' }]);
  });
});

describe('the preview level', () => {
  test.each<[PreviewLevel, string, string]>([
    ['full', 'Maria Silva', 'Do you deliver to Porto?'],
    ['sender', 'Maria Silva', 'New message'],
    ['nothing', 'Converso', 'New message'],
  ])('%s', (preview, title, message) => {
    expect(content({}, preview)).toMatchObject({ title, message });
  });
});
