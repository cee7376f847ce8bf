// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { type ConnectionEvent, type ConnectionState, transition } from '../../domain/connection-states.ts';

const EVENTS = [
  'connect',
  'use',
  'hurry',
  'caught_up',
  'snapshot',
  'retry_later',
  'no_session',
  'replaced',
  'signed_out',
  'stop',
] as const satisfies ConnectionEvent[];

/** What each event leads to, in the order of EVENTS; "-" changes nothing, "!" begins an attempt. */
const TABLE: Record<ConnectionState, string> = {
  idle: 'connecting! connecting! connecting! - - - - - - stopped',
  connecting: '- - connecting! open - waiting idle replaced stopped stopped',
  open: '- - - - connecting waiting idle replaced stopped stopped',
  waiting: 'connecting! connecting! connecting! - - - - - - stopped',
  replaced: '- connecting! connecting! - - - - - - stopped',
  stopped: 'connecting! connecting! connecting! - - - - - - -',
};

describe.each(Object.entries(TABLE))('from %s', (state, row) => {
  const cells = row.split(' ');
  test.each(EVENTS.map((event, index) => [event, cells[index]!] as const))('%s leads to %s', (event, cell) => {
    const next = transition(state as ConnectionState, event);
    expect(next ? next.to + (next.effect === 'attempt' ? '!' : '') : '-').toBe(cell);
  });
});

test('each state that has no attempt ends the one before it', () => {
  for (const state of Object.keys(TABLE) as ConnectionState[]) {
    for (const event of EVENTS) {
      const next = transition(state, event);
      if (!next || next.to === 'connecting' || next.to === 'open') continue;
      expect(next.effect, `${state}, ${event}`).toBe(next.to === 'waiting' ? 'wait' : 'end');
    }
  }
});
