import { describe, expect, it } from 'vitest';
import { emptyConversation, HANDED_OVER_WITHIN_MS } from '../../src/domain/conversation.ts';
import { KEPT_FOR, mayBecomeDue } from '../../src/domain/retention.ts';

const latest = { id: 'm:1', text: 'Hi', sentAt: 1 };

describe('a message', () => {
  it.each([
    ['the latest, for which the customer waits', { latest, waitingSince: 1 }, true],
    ['the latest of a chat that was closed unanswered', { latest, waitedBeforeClosing: 1, status: 'closed' }, true],
    ['the latest, answered', { latest }, false],
    ['the latest of a chat that was answered, then closed', { latest, status: 'closed' }, false],
    ['replaced by a newer one', { latest: { ...latest, id: 'm:2' }, waitingSince: 1 }, false],
    ['of a chat whose messages are not known', { waitingSince: 1 }, false],
  ] as const)('%s', (_, state, due) => {
    expect(mayBecomeDue({ ...emptyConversation('support'), ...state }, '1')).toBe(due);
  });
});

describe('what is kept', () => {
  it('outlasts what looks back at it', () => {
    const DAY = 24 * 60 * 60 * 1000;
    // Senders repeat a delivery for days; the clock looks back at the slots of a month.
    expect(KEPT_FOR.events).toBeGreaterThan(7 * DAY);
    expect(KEPT_FOR.slots).toBeGreaterThan(31 * DAY);
    // A handover, applied up to a day after its date, makes an answered message due again.
    expect(KEPT_FOR.ledger).toBeGreaterThan(HANDED_OVER_WITHIN_MS + 2 * DAY);
    // The ledger's rows refer to emails, these to slots.
    expect(KEPT_FOR.digests).toBeGreaterThanOrEqual(KEPT_FOR.ledger);
    expect(KEPT_FOR.slots).toBeGreaterThanOrEqual(KEPT_FOR.digests);
  });
});
