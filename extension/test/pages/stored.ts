import type { Me, Notification } from '@converso/shared';
import type { Stored } from '../../pages/stored.ts';
import { NO_BELL } from '../../state.ts';

export const ANA: Me = {
  agent: { id: 'a1', name: 'Ana Silva', email: 'ana@bluebird.example', role: 'agent' },
  business: { id: 'b1', name: 'Bluebird Travel', timeZone: 'Europe/London' },
  groups: [{ id: 'g1', name: 'Support' }],
  preferences: { messageNotifications: true, assistantChats: true, unrepliedEmails: true },
  inbox: {
    url: 'http://localhost:8787/inbox',
    conversationUrl: 'http://localhost:8787/inbox/{conversationId}',
    canTake: true,
  },
  inboxes: [],
};

export const notification = (changes: Partial<Notification> = {}): Notification => {
  const moment = new Date(Date.now() - 4 * 60_000).toISOString();
  return {
    id: 'n1',
    seq: 7,
    reason: 'inbound',
    state: 'open',
    settledBy: null,
    alert: true,
    alertedSeq: 7,
    why: 'team_unassigned',
    conversation: { id: 'c1', channel: 'whatsapp', group: { id: 'g1', name: 'Support' }, source: null, ref: null },
    customer: { kind: 'contact', name: 'María González', address: '+34600111222' },
    message: { text: 'Where is my order?', sentAt: moment },
    messageCount: 1,
    waitingSince: moment,
    createdAt: moment,
    updatedAt: moment,
    ...changes,
  };
};

/** Ana, signed in and connected, with one open notification. */
export const signedIn = (changes: Partial<Stored> = {}): Stored => ({
  account: { server: 'http://localhost:8787', token: 'token' },
  bell: { ...NO_BELL, cursor: '7', me: ANA, items: [notification()], unread: 1 },
  device: { pausedUntil: null, preview: 'full' },
  connection: { state: 'connected', since: Date.now() - 3_600_000, lastEventAt: Date.now(), againstWill: false },
  health: { permission: 'granted', lastToastAt: null },
  inboxRefusal: null,
  ...changes,
});
