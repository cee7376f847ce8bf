import type { Me, Notification } from '@converso/shared';

/** A notification for the tests; each states only what it is about. */
export const aNotification = (facts: Partial<Notification> & { conversationId?: string } = {}): Notification => {
  const { conversationId = 'c1', ...rest } = facts;
  const seq = rest.seq ?? 1;
  const alertedSeq = rest.alertedSeq ?? seq;
  return {
    id: `n-${conversationId}`,
    seq,
    reason: 'inbound',
    state: 'open',
    settledBy: null,
    alertedSeq,
    alert: alertedSeq === seq,
    why: 'team_unassigned',
    conversation: {
      id: conversationId,
      channel: 'whatsapp',
      group: { id: 'g1', name: 'Sales' },
      source: null,
      ref: null,
    },
    customer: { kind: 'contact', name: 'Maria Silva', address: '+351900000001' },
    message: { text: 'Do you deliver to Porto?', sentAt: '2026-11-23T09:00:00Z' },
    messageCount: 1,
    waitingSince: '2026-11-23T09:00:00Z',
    createdAt: '2026-11-23T09:00:00Z',
    updatedAt: '2026-11-23T09:00:00Z',
    ...rest,
  };
};

export const INBOX = {
  url: 'https://inbox.example/inbox',
  conversationUrl: 'https://inbox.example/inbox/{conversationId}',
  canTake: true,
};

/** The inbox of a Chatwoot that is plugged in as `cw`. */
export const CHATWOOT = {
  source: 'cw',
  url: 'https://desk.example/app/accounts/3/dashboard',
  conversationUrls: [
    ...['', '/inbox/*', '/label/*', '/team/*', '/custom_view/*', '/mentions', '/unattended', '/participating'].map(
      (list) => `https://desk.example/app/accounts/3${list}/conversations/{conversationId}`,
    ),
  ],
  canTake: false,
  canReply: false,
};

export const aMe = (facts: Partial<Me> = {}): Me => ({
  agent: { id: 'a1', name: 'Ana', email: 'ana@shop.example', role: 'agent' },
  business: { id: 'b1', name: 'Shop', timeZone: 'Europe/Lisbon' },
  groups: [{ id: 'g1', name: 'Sales' }],
  preferences: { messageNotifications: true, assistantChats: true, unrepliedEmails: true },
  inbox: INBOX,
  inboxes: [],
  ...facts,
});
