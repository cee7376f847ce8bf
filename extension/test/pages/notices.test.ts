import { describe, expect, test } from 'vitest';
import { type NoticeFacts, noticesFor } from '../../entrypoints/popup/notices.ts';
import type { ConnectionStatus } from '../../state.ts';
import { ANA } from './stored.ts';

const NOW = 1_000_000_000;
const facts = (changes: Partial<NoticeFacts> = {}): NoticeFacts => ({
  connection: { state: 'connected', since: NOW - 60_000, lastEventAt: NOW - 1_000, againstWill: false },
  health: { permission: 'granted', lastToastAt: null },
  inboxRefused: false,
  preferences: ANA.preferences,
  device: { pausedUntil: null, preview: 'full' },
  now: NOW,
  ...changes,
});
const connection = (state: ConnectionStatus, lastEventAt: number | null, since = NOW) => ({
  connection: { state, since, lastEventAt, againstWill: false },
});
const kinds = (changes: Partial<NoticeFacts>) => noticesFor(facts(changes)).map((notice) => notice.kind);

test('connected, switched on and allowed, there is nothing to say', () => expect(kinds({})).toEqual([]));

describe('the connection', () => {
  test('disconnected dates from the last word of the server, not from the last vain attempt', () =>
    expect(noticesFor(facts(connection('disconnected', NOW - 300_000)))).toEqual([
      { kind: 'disconnected', since: NOW - 300_000 },
    ]));
  test('a short break is not mentioned', () => expect(kinds(connection('connecting', NOW - 44_000))).toEqual([]));
  test('a longer one is', () => expect(kinds(connection('connecting', NOW - 45_000))).toEqual(['connecting']));
  test('a first connection may take three seconds', () => {
    expect(kinds(connection('connecting', null, NOW - 2_999))).toEqual([]);
    expect(kinds(connection('connecting', null, NOW - 3_000))).toEqual(['connecting']);
  });
  test('what holds messages back is named', () =>
    expect(kinds(connection('polling', NOW - 1_000))).toEqual(['polling']));
  test('another browser has taken over', () => expect(kinds(connection('replaced', NOW))).toEqual(['replaced']));
});

describe('why no toasts come', () => {
  const off = { preferences: { ...ANA.preferences, messageNotifications: false } };
  const paused = { device: { pausedUntil: NOW + 1, preview: 'full' as const } };
  const blocked = { health: { permission: 'denied' as const, lastToastAt: null } };

  test('switched off', () => expect(kinds(off)).toEqual(['off']));
  test('paused', () => expect(kinds(paused)).toEqual(['paused']));
  test('a pause that is over is none', () =>
    expect(kinds({ device: { pausedUntil: NOW, preview: 'full' } })).toEqual([]));
  test('blocked by the system', () => expect(kinds(blocked)).toEqual(['blocked']));
  test('only the first of them: switched off, paused, blocked', () => {
    expect(kinds({ ...off, ...paused, ...blocked })).toEqual(['off']);
    expect(kinds({ ...paused, ...blocked })).toEqual(['paused']);
  });
  test('an inbox that may not be opened', () => {
    expect(kinds({ inboxRefused: true })).toEqual(['inbox']);
    expect(kinds({ inboxRefused: true, ...blocked })).toEqual(['blocked', 'inbox']);
  });
  test('beside the connection', () =>
    expect(kinds({ ...off, ...connection('disconnected', NOW) })).toEqual(['disconnected', 'off']));
});
