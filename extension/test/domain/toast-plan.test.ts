// @vitest-environment node
import type { Notification } from '@converso/shared';
import { describe, expect, test } from 'vitest';
import { planToasts } from '../../domain/toast-plan.ts';
import { aNotification } from '../notification.ts';

let seq = 0;
const inbound = (conversationId: string) => aNotification({ conversationId, seq: ++seq });
const handover = (conversationId: string) => aNotification({ conversationId, seq: ++seq, reason: 'handover' });
const ids = (items: Notification[]) => items.map((item) => item.conversation.id);

describe('what is told', () => {
  test.each<[string, { incoming: Notification[]; active?: Notification[]; summarised?: Notification[] }, object]>([
    ['one message: its own toast', { incoming: [inbound('a')] }, { own: ['a'], summary: [], news: false }],
    [
      'three: a toast each, the oldest first',
      { incoming: [inbound('c'), inbound('d'), inbound('e')].toReversed() },
      { own: ['c', 'd', 'e'], summary: [], news: false },
    ],
    [
      'four at once: one summary',
      { incoming: ['a', 'b', 'c', 'd'].map(inbound) },
      { own: [], summary: ['a', 'b', 'c', 'd'], news: true },
    ],
    [
      'a third sticky one: its own toast',
      { incoming: [handover('c')], active: [handover('a'), handover('b')] },
      { own: ['c'], summary: [], news: false },
    ],
    [
      'a fourth sticky one: one summary of all four',
      { incoming: [handover('d')], active: ['a', 'b', 'c'].map(handover) },
      { own: [], summary: ['a', 'b', 'c', 'd'], news: true },
    ],
    [
      'a message beside three sticky ones: its own toast',
      { incoming: [inbound('d')], active: ['a', 'b', 'c'].map(handover) },
      { own: ['d'], summary: [], news: false },
    ],
    [
      'a sticky one of three again: its own toast',
      { incoming: [handover('c')], active: ['a', 'b', 'c'].map(handover) },
      { own: ['c'], summary: [], news: false },
    ],
    [
      'a fifth sticky one beside a summary of four: joins it',
      { incoming: [handover('e')], summarised: ['a', 'b', 'c', 'd'].map(handover) },
      { own: [], summary: ['a', 'b', 'c', 'd', 'e'], news: true },
    ],
    [
      'a message in a chat that the summary stands for: its own toast, and the summary counts one less',
      { incoming: [inbound('b')], summarised: ['a', 'b', 'c', 'd'].map(inbound) },
      { own: ['b'], summary: ['a', 'c', 'd'], news: false },
    ],
    [
      'four at once beside a summary: they join it',
      { incoming: ['d', 'e', 'f', 'g'].map(inbound), summarised: ['a', 'd'].map(inbound) },
      { own: [], summary: ['a', 'd', 'e', 'f', 'g'], news: true },
    ],
    [
      'three, of which one is the fourth sticky: two toasts and a summary',
      { incoming: [inbound('x'), inbound('y'), handover('d')], active: ['a', 'b', 'c'].map(handover) },
      { own: ['x', 'y'], summary: ['a', 'b', 'c', 'd'], news: true },
    ],
  ])('%s', (_name, { incoming, active = [], summarised = [] }, expected) => {
    const plan = planToasts(incoming, active, summarised);
    expect({ own: ids(plan.own), summary: ids(plan.summary), news: plan.summaryIsNews }).toEqual(expected);
  });
});
