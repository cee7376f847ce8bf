// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { decideToast, type ToastFacts } from '../../domain/toast-decision.ts';
import { REPEAT_MS } from '../../domain/toast-history.ts';

const NOW = 1_000_000;
const news: ToastFacts = {
  notification: { id: 'n1', reason: 'inbound', state: 'open', alert: true, alertedSeq: 7 },
  acknowledgedSeq: 3,
  switchedOn: true,
  paused: false,
  breakThrough: false,
  inboxFocused: false,
  onScreen: false,
  timesBegun: 0,
  now: NOW,
};
const decided = (facts: Partial<ToastFacts>) => decideToast({ ...news, ...facts });
const withNotification = (facts: Partial<ToastFacts['notification']>) => ({
  notification: { ...news.notification, ...facts },
});

test('news are shown', () => {
  expect(decided({})).toEqual({ toast: true, how: 'show' });
  expect(decided({ timesBegun: 1 })).toEqual({ toast: true, how: 'show' });
});

describe('one fact makes the difference', () => {
  test.each<[string, Partial<ToastFacts>, string, boolean]>([
    ['it is read', withNotification({ state: 'read' }), 'not_open', false],
    ['it is settled', withNotification({ state: 'settled' }), 'not_open', false],
    ['this device acknowledged it', { acknowledgedSeq: 7 }, 'already_handled', false],
    [
      'it is a silent revision of what was acknowledged',
      { ...withNotification({ alert: false }), acknowledgedSeq: 7 },
      'silent',
      false,
    ],
    [
      'it never was news',
      { ...withNotification({ alert: false, alertedSeq: 0 }), acknowledgedSeq: 0 },
      'silent',
      false,
    ],
    ['notifications are switched off', { switchedOn: false }, 'switched_off', false],
    ['the agent is looking at the inbox', { inboxFocused: true }, 'inbox_focused', false],
    ['notifications are paused', { paused: true }, 'paused', true],
    ['paused, but the agent is looking at the inbox', { paused: true, inboxFocused: true }, 'inbox_focused', false],
    ['its toast was begun twice and never finished', { timesBegun: 2 }, 'set_aside', false],
    ['paused, and begun twice', { paused: true, timesBegun: 2 }, 'paused', true],
    ['paused and switched off', { paused: true, switchedOn: false }, 'switched_off', false],
  ])('%s', (_name, facts, because, pending) => {
    expect(decided(facts)).toEqual({ toast: false, because, pending });
  });

  test('a silent revision that replaced news in a replay still shows them', () => {
    expect(decided(withNotification({ alert: false }))).toEqual({ toast: true, how: 'show' });
  });
});

describe('a pause that urgent news may break', () => {
  test.each<[string, ToastFacts['notification']['reason'], boolean]>([
    ['holds a message back', 'inbound', false],
    ['lets a handover through', 'handover', true],
    ['lets a chat assigned to the agent through', 'assigned', true],
  ])('%s', (_name, reason, toast) => {
    expect(decided({ paused: true, breakThrough: true, ...withNotification({ reason }) }).toast).toBe(toast);
  });
  test('and no other pause does', () => {
    expect(decided({ paused: true, ...withNotification({ reason: 'handover' }) }).toast).toBe(false);
  });
});

describe('a repetition', () => {
  const lastToast = {
    toastId: 'conversation:c1',
    notificationId: 'n1',
    reason: 'inbound' as const,
    alertedSeq: 1,
    at: NOW - REPEAT_MS + 1,
  };
  test.each<[string, Partial<ToastFacts>, 'show' | 'update_silently']>([
    ['within ten seconds is silent', { lastToast }, 'update_silently'],
    ['after ten seconds shows again', { lastToast: { ...lastToast, at: NOW - REPEAT_MS } }, 'show'],
    ['for a stronger reason shows at once', { lastToast, ...withNotification({ reason: 'handover' }) }, 'show'],
    [
      'that seems to follow something of the future shows, for the clock was set back',
      { lastToast: { ...lastToast, at: NOW + 1 } },
      'show',
    ],
    [
      'in a notification that began anew is silent too',
      { lastToast, ...withNotification({ id: 'n2' }) },
      'update_silently',
    ],
    [
      'for a weaker reason is silent',
      { lastToast: { ...lastToast, reason: 'handover' }, ...withNotification({ reason: 'assigned' }) },
      'update_silently',
    ],
    [
      'of an assignment by a handover shows at once',
      { lastToast: { ...lastToast, reason: 'assigned' }, ...withNotification({ reason: 'handover' }) },
      'show',
    ],
  ])('%s', (_name, facts, how) => {
    expect(decided(facts)).toEqual({ toast: true, how });
  });
});

describe('after a worker that was stopped before it wrote down what it had shown', () => {
  const lastToast = {
    toastId: 'summary',
    notificationId: 'n1',
    reason: 'inbound' as const,
    alertedSeq: 7,
    at: NOW - 1,
  };
  test('news whose toast is on the screen are not shown again', () => {
    expect(decided({ lastToast, onScreen: true })).toEqual({
      toast: false,
      because: 'already_handled',
      pending: false,
    });
  });

  test('news whose toast was made and has faded are not shown again', () => {
    expect(decided({ lastToast: { ...lastToast, made: true }, onScreen: false })).toEqual({
      toast: false,
      because: 'already_handled',
      pending: false,
    });
  });
  test.each<[string, Partial<ToastFacts>]>([
    ['news whose toast was never made', { lastToast, onScreen: false }],
    ['newer news than those on the screen', { lastToast: { ...lastToast, alertedSeq: 6 }, onScreen: true }],
    ['news of another notification', { lastToast: { ...lastToast, notificationId: 'n0' }, onScreen: true }],
  ])('%s are shown', (_name, facts) => {
    expect(decided(facts).toast).toBe(true);
  });
});
