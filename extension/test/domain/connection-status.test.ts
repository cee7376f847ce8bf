// @vitest-environment node
import { describe, expect, test } from 'vitest';
import {
  type ConnectionRecord,
  type ConnectionReport,
  type ConnectionStatus,
  needsPoll,
  withReport,
} from '../../domain/connection-status.ts';

const NOW = 1_000_000_000;
const was = (state: ConnectionStatus, facts: Partial<ConnectionRecord> = {}): ConnectionRecord => ({
  state,
  since: NOW - 60_000,
  lastEventAt: NOW - 30_000,
  againstWill: false,
  ...facts,
});

describe('a report leads from one state to the next', () => {
  test.each<[ConnectionStatus, ConnectionReport, ConnectionStatus]>([
    ['signed_out', 'connecting', 'connecting'],
    ['connected', 'connecting', 'connecting'],
    ['connecting', 'connected', 'connected'],
    ['connecting', 'disconnected', 'disconnected'],
    ['disconnected', 'connecting', 'disconnected'],
    ['disconnected', 'polling', 'polling'],
    ['connecting', 'polling', 'polling'],
    ['connected', 'polling', 'connected'],
    ['signed_out', 'polling', 'signed_out'],
    ['replaced', 'polling', 'replaced'],
    ['polling', 'connecting', 'polling'],
    ['polling', 'disconnected', 'polling'],
    ['polling', 'poll_failed', 'disconnected'],
    ['polling', 'connected', 'connected'],
    ['connecting', 'poll_failed', 'connecting'],
    ['replaced', 'poll_failed', 'replaced'],
    ['connected', 'replaced', 'replaced'],
    ['polling', 'signed_out', 'signed_out'],
  ])('%s, %s: %s', (from, report, to) => expect(withReport(was(from), report, NOW).state).toBe(to));

  test('"since" runs on through attempts that bring nothing, and begins with each other state', () => {
    expect(withReport(was('connecting'), 'disconnected', NOW).since).toBe(NOW - 60_000);
    expect(withReport(was('disconnected'), 'connecting', NOW).since).toBe(NOW - 60_000);
    expect(withReport(was('disconnected'), 'polling', NOW).since).toBe(NOW);
    expect(withReport(was('polling'), 'poll_failed', NOW).since).toBe(NOW);
  });

  test('a poll is word from the server, an attempt is none', () => {
    expect(withReport(was('disconnected'), 'polling', NOW).lastEventAt).toBe(NOW);
    expect(withReport(was('disconnected'), 'connecting', NOW).lastEventAt).toBe(NOW - 30_000);
  });

  test.each([NOW - 90_000, NOW + 1, null])('polling that was last answered at %d has ended', (lastEventAt) =>
    expect(withReport(was('polling', { lastEventAt }), 'connecting', NOW).state).toBe('disconnected'),
  );
});

describe('the server is polled', () => {
  test.each<[ConnectionStatus, number, boolean]>([
    ['connecting', 20_000, true],
    ['disconnected', 20_000, true],
    ['connecting', 19_999, false],
    ['disconnected', -1, true],
    ['polling', 0, true],
    ['connected', 60_000, false],
    ['replaced', 60_000, false],
    ['signed_out', 60_000, false],
  ])('%s for %d ms: %s', (state, ms, polls) => expect(needsPoll(was(state, { since: NOW - ms }), NOW)).toBe(polls));
});
