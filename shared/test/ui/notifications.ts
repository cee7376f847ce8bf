import type { Notification } from '../../src/index.ts';

/** Saturday 22 November 2025, 15:00 in London. */
export const NOW = Date.parse('2025-11-22T15:00:00Z');
const minutesAgo = (minutes: number) => new Date(NOW - minutes * 60_000).toISOString();

let made = 0;

/** An open notification about a WhatsApp message that came `ago` minutes ago; the test changes what it is about. */
export function notification(changes: Partial<Notification> & { ago?: number } = {}): Notification {
  const { ago = 4, ...rest } = changes;
  const n = ++made;
  return {
    id: `n${n}`,
    seq: n,
    reason: 'inbound',
    state: 'open',
    settledBy: null,
    alert: true,
    alertedSeq: n,
    why: 'team_unassigned',
    conversation: { id: `c${n}`, channel: 'whatsapp', group: { id: 'g1', name: 'Support' }, source: null, ref: null },
    customer: { kind: 'contact', name: 'María González', address: '+34600111222' },
    message: { text: 'Where is my order?', sentAt: minutesAgo(ago) },
    messageCount: 1,
    waitingSince: minutesAgo(ago),
    createdAt: minutesAgo(ago),
    updatedAt: minutesAgo(ago),
    ...rest,
  };
}
