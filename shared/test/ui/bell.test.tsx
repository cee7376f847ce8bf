// @vitest-environment happy-dom
import { cleanup, fireEvent, render, within } from '@testing-library/preact';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Notification } from '../../src/index.ts';
import { Bell, bellTextsEn } from '../../src/ui/index.ts';
import { NOW, notification } from './notifications.ts';

afterEach(cleanup);

function show(items: Notification[], unread = items.filter((item) => item.state === 'open').length) {
  const onOpen = vi.fn();
  const onMarkAllRead = vi.fn();
  const bell = (list: Notification[]) => (
    <Bell
      items={list}
      unread={unread}
      now={NOW}
      texts={bellTextsEn}
      format={{ locale: 'en-GB', timeZone: 'Europe/London' }}
      onOpen={onOpen}
      onMarkAllRead={onMarkAllRead}
    />
  );
  const page = render(bell(items));
  const rows = () => page.queryAllByRole('listitem');
  return { ...page, rows, onOpen, onMarkAllRead, update: (list: Notification[]) => page.rerender(bell(list)) };
}

const names = (rows: HTMLElement[]) => rows.map((row) => row.querySelector('.bell-name')?.textContent);
const named = (name: string | null) => ({ customer: { kind: 'contact' as const, name, address: '+34600111222' } });

describe('what a row says', () => {
  test('who wrote, on which channel and in which group, what, why, and how long ago', () => {
    const { rows } = show([notification()]);
    const text = rows()[0]?.textContent ?? '';
    for (const part of ['María González', 'WhatsApp', 'Support', 'Where is my order?', 'Nobody has it yet', '4 min'])
      expect(text).toContain(part);
  });

  test.each([
    [{ reason: 'handover', why: 'assistant_gave_up' }, 'AI handed over'],
    [{ reason: 'assigned', why: 'assigned_to_you' }, 'Assigned to you'],
    [{ reason: 'inbound', why: 'assigned_to_you' }, 'In your chat'],
    [{ reason: 'inbound', why: 'assistant_answering' }, 'The AI is answering'],
  ] as const)('the reason, for %o', (facts, words) => {
    expect(show([notification(facts)]).getByText(words)).toBeTruthy();
  });

  test('of a message that is dealt with, only that it was one', () => {
    const { getByText, queryByText } = show([notification({ state: 'read', why: 'team_unassigned' })]);
    expect(getByText('Message')).toBeTruthy();
    expect(queryByText('Nobody has it yet')).toBeNull();
  });

  test('the number where there is no name, and "Guest" where there is neither', () => {
    expect(names(show([notification(named(null))]).rows())).toEqual(['+34600111222']);
    cleanup();
    const guest = { customer: { kind: 'guest' as const, name: null, address: null } };
    expect(names(show([notification(guest)]).rows())).toEqual(['Guest']);
  });

  test('how many messages, and the wait where it is longer than the age', () => {
    const waitingSince = new Date(NOW - 3 * 3_600_000).toISOString();
    const { rows } = show([notification({ messageCount: 3, waitingSince })]);
    expect(rows()[0]?.textContent).toContain('3 messages · waiting 3 h');
  });

  test('no wait that only repeats the age', () => {
    expect(show([notification()]).rows()[0]?.textContent).not.toContain('waiting');
  });

  test('by whom it was settled, or only that it was', () => {
    const settled = { state: 'settled' as const };
    const { getByText } = show([
      notification({ ...settled, settledBy: { name: 'Ben' } }),
      notification({ ...settled, settledBy: null }),
    ]);
    expect(getByText('Settled by Ben')).toBeTruthy();
    expect(getByText('Settled')).toBeTruthy();
  });

  test('that an open one is unread, to those who cannot see the dot', () => {
    const { rows } = show([notification({ ago: 1 }), notification({ ago: 2, state: 'read' })]);
    const [open, read] = rows();
    expect(open?.textContent).toContain('Unread');
    expect(read?.textContent).not.toContain('Unread');
  });

  test('something kind in place of a message without text, and of no message', () => {
    const { getByText } = show([
      notification({ message: { text: ' \n ', sentAt: new Date(NOW).toISOString() } }),
      notification({ message: null, reason: 'handover', why: 'assistant_gave_up' }),
    ]);
    expect(getByText('Sent something without text')).toBeTruthy();
    expect(getByText('The customer is waiting for a person.')).toBeTruthy();
  });
});

describe('strangers’ input', () => {
  test('markup stays text', () => {
    const hostile = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
    const { container, getAllByText } = show([
      notification({ ...named(hostile), message: { text: hostile, sentAt: new Date(NOW).toISOString() } }),
    ]);
    expect(container.querySelector('img, script')).toBeNull();
    expect(getAllByText(hostile)).toHaveLength(2);
  });

  test('text finds its own direction and cannot turn its surroundings', () => {
    const { getByText } = show([
      notification({ ...named('דנה לוי'), message: { text: 'איפה ההזמנה שלי?', sentAt: new Date(NOW).toISOString() } }),
    ]);
    expect(getByText('איפה ההזמנה שלי?').getAttribute('dir')).toBe('auto');
    expect(getByText('דנה לוי').tagName).toBe('BDI');
  });

  test('a name too long to show can be read in its title', () => {
    const long = 'Wolfeschlegelsteinhausenbergerdorff '.repeat(5).trim();
    expect(show([notification(named(long))]).getByTitle(long)).toBeTruthy();
  });

  test('a channel nobody has heard of still has an icon and a name', () => {
    const item = notification();
    const { rows } = show([{ ...item, conversation: { ...item.conversation, channel: 'carrier_pigeon' } }]);
    expect(rows()[0]?.textContent).toContain('Carrier_pigeon');
    expect(rows()[0]?.querySelector('.channel-icon path')).toBeTruthy();
  });
});

describe('the list', () => {
  test('is newest first, whatever order it came in', () => {
    const items = [9, 2, 30].map((ago) => notification({ ago, ...named(`${ago} min ago`) }));
    expect(names(show(items).rows())).toEqual(['2 min ago', '9 min ago', '30 min ago']);
  });

  test('keeps its order when one is marked read', () => {
    const [a, b] = [notification({ ago: 2, ...named('A') }), notification({ ago: 9, ...named('B') })];
    const read = { state: 'read' as const, alert: false, seq: 99, updatedAt: new Date(NOW).toISOString() };
    const { rows, update } = show([a, b]);
    update([a, { ...b, ...read }]);
    expect(names(rows())).toEqual(['A', 'B']);
  });

  test('puts a handover at the time it happened, not at the time of the message before it', () => {
    const handover = notification({
      ago: 30,
      reason: 'handover',
      updatedAt: new Date(NOW).toISOString(),
      ...named('H'),
    });
    expect(names(show([notification({ ago: 5, ...named('I') }), handover]).rows())).toEqual(['H', 'I']);
  });

  test('is kind when it is empty', () => {
    const { getByText, queryByRole } = show([]);
    expect(getByText('All quiet', { selector: '.bell-empty-title' })).toBeTruthy();
    expect(queryByRole('list')).toBeNull();
    expect(queryByRole('button')).toBeNull();
  });

  test('says the longest wait of those that are open', () => {
    const { getByText } = show([
      notification({ ago: 3 }),
      notification({ ago: 190 }),
      notification({ ago: 600, state: 'settled' }),
    ]);
    expect(getByText('Longest wait: 3 h')).toBeTruthy();
  });

  test('announces the count of the server, which may be higher than what is listed', () => {
    const { container } = show([notification()], 120);
    expect(container.querySelector('[aria-live="polite"]')?.textContent).toBe('120 unread');
  });

  test('offers to mark all as read only while something is unread', () => {
    const { getByRole, onMarkAllRead } = show([notification()]);
    fireEvent.click(getByRole('button', { name: 'Mark all as read' }));
    expect(onMarkAllRead).toHaveBeenCalledOnce();
    cleanup();
    expect(show([notification({ state: 'read' })]).queryByRole('button', { name: 'Mark all as read' })).toBeNull();
  });
});

describe('by keyboard', () => {
  const three = () => ['A', 'B', 'C'].map((name, at) => notification({ ago: at + 1, ...named(name) }));
  const button = (row: HTMLElement | undefined) => within(row as HTMLElement).getByRole('button');
  const press = (key: string) => fireEvent.keyDown(document.activeElement as Element, { key });
  const focused = () => document.activeElement?.querySelector('.bell-name')?.textContent;

  test('the arrows, Home and End move, and stop at the ends', () => {
    const { rows } = show(three());
    button(rows()[0]).focus();
    const path = ['ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowUp', 'Home', 'ArrowUp', 'End'].map((key) => {
      press(key);
      return focused();
    });
    expect(path).toEqual(['B', 'C', 'C', 'B', 'A', 'A', 'C']);
  });

  test('Tab stops at one item only: the last one focused', () => {
    const { rows } = show(three());
    const stops = () => rows().map((row) => button(row).tabIndex);
    expect(stops()).toEqual([0, -1, -1]);
    fireEvent.focus(button(rows()[1]));
    expect(stops()).toEqual([-1, 0, -1]);
  });

  test('a new notification at the top does not move the one about to be opened', () => {
    const items = three();
    const { rows, update } = show(items);
    button(rows()[1]).focus();
    update([notification({ ago: 0, ...named('New') }), ...items]);
    expect(names(rows())).toEqual(['New', 'A', 'B', 'C']);
    expect(focused()).toBe('B');
  });

  test('opening names the conversation, not the notification', () => {
    const [item] = three();
    const { rows, onOpen } = show([item as Notification]);
    fireEvent.click(button(rows()[0]));
    expect(onOpen).toHaveBeenCalledWith(item?.conversation.id);
  });
});
