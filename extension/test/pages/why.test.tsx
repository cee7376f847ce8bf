import { cleanup, render } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Decision } from '../../domain/decision.ts';
import { Why } from '../../entrypoints/why/why.tsx';
import { startBrowser } from './browser.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
/** All of them, or this file does not compile. */
const OUTCOMES = Object.keys({
  toast: 1,
  updated: 1,
  quiet: 1,
  summary: 1,
  refused: 1,
  no_permission: 1,
  in_view: 1,
  not_open: 1,
  silent: 1,
  already_handled: 1,
  switched_off: 1,
  paused: 1,
  inbox_focused: 1,
  set_aside: 1,
} satisfies Record<Decision['outcome'], 1>) as Decision['outcome'][];
const decision = (facts: Partial<Decision> = {}): Decision => ({
  at: NOW - 60_000,
  conversationId: 'c1',
  channel: 'whatsapp',
  reason: 'inbound',
  customer: 'Maria Silva',
  outcome: 'toast',
  ...facts,
});

beforeEach(() => void startBrowser());
afterEach(cleanup);

describe('the page "Why did I get no notification?"', () => {
  test('says in words what became of each', () => {
    const decisions = OUTCOMES.map((outcome, index) => decision({ outcome, conversationId: `c${index}` }));
    const { getAllByRole } = render(<Why decisions={decisions} signedIn now={NOW} />);
    const lines = getAllByRole('listitem').map((line) => line.querySelector('.why-outcome')?.textContent ?? '');
    expect(new Set(lines).size).toBe(OUTCOMES.length);
    expect(lines.every((words) => words.length > 10)).toBe(true);
  });
  test('names nobody where the preview level hides it', () => {
    const { getByText } = render(<Why decisions={[decision({ customer: null })]} signedIn now={NOW} />);
    expect(getByText('A customer')).toBeTruthy();
  });
  test.each([
    [true, 'Nothing yet.'],
    [false, 'You are signed out'],
  ])('is kind when it has nothing to say (signed in: %s)', (signedIn, words) => {
    const { getByText } = render(<Why decisions={[]} signedIn={signedIn} now={NOW} />);
    expect(getByText(new RegExp(words))).toBeTruthy();
  });
});
