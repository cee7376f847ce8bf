// @vitest-environment node
import type { Notification } from '@converso/shared';
import { describe, expect, test, vi } from 'vitest';
import { NO_BELL } from '../../domain/bell.ts';
import { REPEAT_MS } from '../../domain/toast-history.ts';
import { aMe, aNotification } from '../notification.ts';
import type { Toast } from './desktop.ts';
import { replay } from './fake-sse-server.ts';
import { beginLifetime, distinct, type Lifetime, makeKillable, type Step } from './killable-worker.ts';
import { setUp } from './worker.ts';

// The desktop of these tests answers at once, so no toast needs time to arrive on it.
vi.mock('../../background/toasts/toast-delivery.ts', () => ({
  markCreated: () => {},
  waitUntilShown: async () => {},
  waitForDelivery: async () => {},
}));

const MINUTE = 60_000;
const PAUSE_ALARM = { name: 'pause-ends', scheduledTime: 0 };

type All = Awaited<ReturnType<typeof setUp>> & { stream: ReturnType<typeof replay> };

interface Scenario {
  name: string;
  /** What a first worker, which nobody stops, has dealt with before. */
  before?(all: All): void;
  /** What happens between the first worker and the second, which is the one that is stopped. */
  between?(all: All): unknown;
  /** What the second one gets when its connection is live. */
  live?(all: All): void;
  /** What the browser tells the second one then. */
  delivered?(all: All, lifetime: Lifetime): unknown;
  /** What happens after it was stopped and before the third begins. */
  after?(all: All): void;
  /** Each toast that popped up, with its text, in all three lifetimes together. */
  pops: string[];
  /** The toasts that are on the screen in the end. */
  screen: string[];
  /** A step at which it must have been stopped in one of the rounds, or the test proves nothing. */
  includes: string[];
}

const said = (text: string) => ({ text, sentAt: '2026-11-23T09:00:05Z' });
const handover = (id: string, seq: number) =>
  aNotification({ conversationId: id, seq, reason: 'handover', why: 'assistant_gave_up', message: said(id) });
const settled = (item: Notification, seq: number): Notification => ({
  ...item,
  seq,
  alertedSeq: item.alertedSeq,
  alert: false,
  state: 'settled',
});
const later = (ms: number) => {
  const now = Date.now();
  vi.spyOn(Date, 'now').mockReturnValue(now + ms);
};
const first = aNotification({ seq: 11, message: said('one') });
const second = aNotification({ seq: 12, message: said('two'), messageCount: 2 });
const several = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    aNotification({ conversationId: `w${index}`, seq: 20 + index, message: said(`w${index}`) }),
  );
const BELL = 'storage.local.set bell';

const SCENARIOS: Scenario[] = [
  {
    name: 'a message',
    live: ({ stream }) => stream.notify(first),
    pops: ['conversation:c1 one'],
    screen: ['conversation:c1'],
    includes: [BELL, 'storage.session.set shown', 'notifications.create conversation:c1'],
  },
  {
    name: 'another message in a chat whose toast is on the screen',
    before: ({ stream }) => stream.notify(first),
    between: () => later(REPEAT_MS),
    live: ({ stream }) => stream.notify(second),
    pops: ['conversation:c1 one', 'conversation:c1 two'],
    screen: ['conversation:c1'],
    includes: ['notifications.clear conversation:c1', 'notifications.create conversation:c1'],
  },
  {
    name: 'a customer who goes on at once',
    before: ({ stream }) => stream.notify(first),
    live: ({ stream }) => stream.notify(second),
    pops: ['conversation:c1 one'],
    screen: ['conversation:c1'],
    includes: ['notifications.update conversation:c1', BELL],
  },
  {
    name: 'a handover of a chat whose message was just shown',
    before: ({ stream }) => stream.notify(first),
    live: ({ stream }) => stream.notify({ ...handover('c1', 12), id: first.id }),
    pops: ['conversation:c1 one', 'conversation:c1 c1'],
    screen: ['conversation:c1'],
    includes: ['notifications.create conversation:c1'],
  },
  {
    name: 'the fourth handover, which makes a summary of all',
    before: ({ stream }) => {
      for (const [index, id] of ['a', 'b', 'c'].entries()) stream.notify(handover(id, 11 + index));
    },
    live: ({ stream }) => stream.notify(handover('d', 14)),
    pops: ['conversation:a a', 'conversation:b b', 'conversation:c c', 'summary Open the inbox to see them.'],
    screen: ['summary'],
    includes: ['storage.session.set summarised', 'notifications.create summary', 'notifications.clear conversation:b'],
  },
  {
    name: 'two messages missed in a gap',
    between: ({ stream }) => several(2).forEach(stream.notify),
    pops: ['conversation:w0 w0', 'conversation:w1 w1'],
    screen: ['conversation:w0', 'conversation:w1'],
    includes: ['notifications.create conversation:w0', 'notifications.create conversation:w1', BELL],
  },
  {
    name: 'seven chats that wait after a gap',
    between: ({ stream }) => several(7).forEach(stream.notify),
    pops: ['summary Open the inbox to see them.'],
    screen: ['summary'],
    includes: ['storage.session.set summarised', 'notifications.create summary', BELL],
  },
  {
    name: 'a chat that was settled in a gap, and one that came and went in it',
    before: ({ stream }) => stream.notify(first),
    between: ({ stream }) => {
      const [other] = several(1) as [Notification];
      stream.notify(other);
      stream.notify(settled(first, 30));
      stream.notify(settled(other, 31));
    },
    pops: ['conversation:c1 one'],
    screen: [],
    includes: ['notifications.clear conversation:c1', 'storage.local.set decisions', BELL],
  },
  {
    name: 'a chat that a colleague takes',
    before: ({ stream }) => stream.notify(first),
    live: ({ stream }) => stream.notify(settled(first, 12)),
    pops: ['conversation:c1 one'],
    screen: [],
    includes: ['notifications.clear conversation:c1', BELL],
  },
  {
    name: 'notifications that were switched off on another device in a gap',
    before: ({ stream }) => stream.notify(first),
    between: ({ stream }) => stream.setPreferences({ ...aMe().preferences, messageNotifications: false }),
    pops: ['conversation:c1 one'],
    screen: [],
    includes: ['notifications.clear conversation:c1', BELL],
  },
  {
    name: 'a message in a pause that is over when the next worker begins',
    between: ({ state }) => state.device.setValue({ pausedUntil: Date.now() + 30 * MINUTE, preview: 'full' }),
    live: ({ stream }) => stream.notify(first),
    after: () => later(30 * MINUTE),
    pops: ['conversation:c1 one'],
    screen: ['conversation:c1'],
    includes: ['storage.local.set decisions', BELL],
  },
  {
    name: 'the end of a pause in which two customers wrote',
    between: async ({ state, stream }) => {
      await state.device.setValue({ pausedUntil: Date.now() + 30 * MINUTE, preview: 'full' });
      several(2).forEach(stream.notify);
    },
    delivered: ({ browser }, lifetime) => {
      later(30 * MINUTE);
      return lifetime.within(() => browser.alarms.onAlarm.trigger(PAUSE_ALARM as never));
    },
    after: () => later(30 * MINUTE),
    // Where the worker is stopped before it told, it is told after a gap, by a toast for each.
    pops: ['summary Open the inbox to see them.', 'or conversation:w0 w0', 'or conversation:w1 w1'],
    screen: ['summary', 'or conversation:w0', 'or conversation:w1'],
    includes: ['storage.local.set device', 'notifications.create summary', BELL],
  },
];

/** Lists written with "or" allow either what stands before the "or"s, or those. */
const eitherOf = (list: string[]): string[][] => {
  const others = list.filter((item) => item.startsWith('or ')).map((item) => item.slice(3));
  const usual = list.filter((item) => !item.startsWith('or '));
  return others.length > 0 ? [usual, others] : [usual];
};

/** Runs three lifetimes of the worker, of which the second ends after that step, or when all is done. */
const playScenario = async (scenario: Scenario, last?: Step) => {
  const base = await setUp();
  // Being stopped is reported as any other failure.
  vi.spyOn(console, 'error').mockImplementation(() => {});
  vi.spyOn(console, 'warn').mockImplementation(() => {});
  const all = { ...base, stream: replay(base.server, 10) };
  const { state, browser, desktop, stream } = all;
  await state.storedBell.setValue({ ...NO_BELL, cursor: '10', me: aMe() });

  const pops: string[] = [];
  const create = browser.notifications.create as unknown as (id: string, options: Toast) => Promise<string>;
  Object.assign(browser.notifications, {
    create: (id: string, options: Toast) => {
      pops.push(`${id} ${options.message}`);
      return create(id, options);
    },
  });
  makeKillable();
  const isDone = async () => (await state.storedBell.getValue()).cursor === String(stream.lastSeq());
  const isLive = async () => (await state.connectionRecord.getValue()).state === 'connected' && (await isDone());
  const begin = (until?: Step) => {
    let connection: ReturnType<typeof base.start> | undefined;
    const lifetime = beginLifetime(() => {
      connection = base.start();
    }, until);
    return { lifetime, connection: connection! };
  };
  const until = (look: () => boolean | Promise<boolean>) =>
    vi.waitFor(async () => expect(await look()).toBe(true), { interval: 2, timeout: 10_000 });

  const early = begin();
  await until(isLive);
  scenario.before?.(all);
  await until(isDone);
  early.lifetime.stop();
  early.connection.stop();
  // A worker that is gone hears no alarm.
  browser.alarms.onAlarm.removeAllListeners();
  await state.connectionRecord.setValue({ ...(await state.connectionRecord.getValue()), state: 'disconnected' });
  await scenario.between?.(all);

  const { lifetime, connection } = begin(last);
  await until(async () => lifetime.isOver || (await isLive()));
  scenario.live?.(all);
  if (!lifetime.isOver) await scenario.delivered?.(all, lifetime);
  await until(async () => lifetime.isOver || ((await isDone()) && (!scenario.delivered || pops.length > 0)));
  const wasStopped = lifetime.isOver;
  lifetime.stop();
  connection.stop();
  scenario.after?.(all);

  const final = begin();
  await until(
    async () => (await isLive()) && desktop.toasts.size >= Math.min(...eitherOf(scenario.screen).map((s) => s.length)),
  );
  // What it still has under way (who is signed in, say) must not be written into the next round's browser.
  final.lifetime.stop();
  final.connection.stop();
  return { all, pops, wasStopped, steps: lifetime.steps };
};

describe('a worker that is stopped after any of its steps loses nothing and tells nothing twice:', () => {
  const check = async (scenario: Scenario, last?: Step) => {
    const { all, pops, wasStopped, steps } = await playScenario(scenario, last);
    const when = last ? `stopped after ${last.name}, number ${last.nth}` : 'not stopped';
    expect(eitherOf(scenario.pops), when).toContainEqual(pops);
    expect(eitherOf(scenario.screen), when).toContainEqual([...all.desktop.toasts.keys()].sort());
    const bell = await all.state.storedBell.getValue();
    expect(bell, when).toMatchObject({ cursor: String(all.stream.lastSeq()), unread: all.stream.unread() });
    expect(
      bell.items.filter(({ state }) => state === 'open'),
      when,
    ).toHaveLength(all.stream.unread());
    return { wasStopped, steps };
  };

  test.each(SCENARIOS)(
    '$name',
    async (scenario) => {
      const { steps } = await check(scenario);
      const stoppedAfter: string[] = [];
      for (const step of distinct(steps)) {
        const { wasStopped } = await check(scenario, step);
        if (wasStopped) stoppedAfter.push(step.name);
      }
      expect(stoppedAfter).toEqual(expect.arrayContaining(scenario.includes));
    },
    60_000,
  );
});
