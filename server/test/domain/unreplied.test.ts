import { describe, expect, test } from 'vitest';
import { planSlot, type RecipientFacts, type SlotFacts, type WaitingFacts } from '../../src/domain/unreplied.ts';

const MINUTE = 60_000;
const AT = Date.parse('2026-11-23T07:00:00Z');

const waiting = (facts: Partial<WaitingFacts> = {}): WaitingFacts => ({
  id: 'c1',
  channel: 'whatsapp',
  source: null,
  ref: null,
  group: { id: 'support', name: 'Support' },
  status: 'open',
  customer: { kind: 'contact', name: 'Ana Pérez', address: '+34600000001' },
  waitingSince: AT - 60 * MINUTE,
  latest: { id: 'm1', text: 'Hello?', sentAt: AT - 60 * MINUTE },
  waiting: 1,
  assignee: null,
  ...facts,
});
const agent = (id: string, facts: Partial<RecipientFacts> = {}): RecipientFacts => ({
  id,
  name: id,
  email: `${id}@example.com`,
  role: 'agent',
  active: true,
  unrepliedEmails: true,
  suppressed: null,
  ...facts,
});
const slot = (
  conversations: WaitingFacts[],
  more: { agents?: RecipientFacts[]; team?: string[]; emailed?: string[]; alreadySent?: string[] } = {},
) => {
  const agents = more.agents ?? [agent('ben'), agent('cho'), agent('dana', { role: 'admin' })];
  const facts: SlotFacts = {
    conversations,
    agents: new Map(agents.map((one) => [one.id, one])),
    teams: new Map([['support', more.team ?? agents.map(({ id }) => id)]]),
    alreadySent: new Set(more.alreadySent),
    emailed: (agentId, _, messageId) => (more.emailed ?? []).includes(`${agentId} ${messageId}`),
  };
  const { digests, skipped } = planSlot(facts, AT, 15 * MINUTE);
  return {
    emails: Object.fromEntries(digests.map((digest) => [digest.agent.id, digest.conversations.map(({ id }) => id)])),
    skipped,
    digests,
  };
};
const BOTH = { ben: ['c1'], cho: ['c1'] };

describe('what is due', () => {
  test.each<[string, Partial<WaitingFacts>, object]>([
    ['WhatsApp', {}, BOTH],
    ['SMS', { channel: 'sms' }, BOTH],
    ['not webchat', { channel: 'webchat' }, {}],
    ['not even of a contact', { channel: 'messenger' }, {}],
    ['not email', { channel: 'email' }, {}],
    ['not a channel of its own', { channel: 'pigeon' }, {}],
    ['not a guest', { customer: { kind: 'guest', name: null, address: null } }, {}],
    ['a contact without a name', { customer: { kind: 'contact', name: null, address: '+1' } }, BOTH],
    ['not when closed', { status: 'closed' }, {}],
    ['not when replied to', { waitingSince: null }, {}],
    ['not before it waits a quarter of an hour', { waitingSince: AT - 15 * MINUTE + 1 }, {}],
    ['as soon as it does', { waitingSince: AT - 15 * MINUTE }, BOTH],
    ['by the first message, however recent the latest is', { latest: { id: 'm2', text: '?', sentAt: AT - 1 } }, BOTH],
    [
      'not by a handover long after its latest message',
      { latest: { id: 'm1', text: 'Hi', sentAt: AT - 40 * 24 * 60 * MINUTE } },
      {},
    ],
    ['while the assistant has the chat', { assignee: { kind: 'assistant' } }, BOTH],
    ['to the assignee alone', { assignee: { kind: 'agent', agentId: 'cho' } }, { cho: ['c1'] }],
    ['to nobody, where the assignee is an admin', { assignee: { kind: 'agent', agentId: 'dana' } }, {}],
    ['to nobody, where the assignee is not known', { assignee: { kind: 'agent', agentId: 'zoe' } }, {}],
  ])('%s', (_, facts, emails) => {
    expect(slot([waiting(facts)]).emails).toEqual(emails);
  });
});

describe('who gets it', () => {
  test.each<[string, RecipientFacts, string]>([
    ['never an admin of the team', agent('ben', { role: 'admin' }), 'admin'],
    ['nor who was removed', agent('ben', { active: false }), 'removed'],
    ['nor who switched it off', agent('ben', { unrepliedEmails: false }), 'emails_off'],
    ['nor whose address bounced', agent('ben', { suppressed: 'bounced' }), 'address_suppressed'],
  ])('%s', (_, ben, reason) => {
    const { emails, skipped } = slot([waiting()], { agents: [ben, agent('cho')] });
    expect(emails).toEqual({ cho: ['c1'] });
    expect(skipped).toEqual([{ conversationId: 'c1', agentId: 'ben', reason }]);
  });
  test.each([
    ['an empty team', { team: [] }],
    ['a team of admins', { agents: [agent('dana', { role: 'admin' })] }],
  ])('nobody: %s is recorded', (_, more) => {
    const { emails, skipped } = slot([waiting()], more);
    expect(emails).toEqual({});
    expect(skipped).toContainEqual({ conversationId: 'c1', reason: 'nobody_to_email' });
  });
  test('an assignee outside the team', () => {
    const facts = waiting({ assignee: { kind: 'agent', agentId: 'cho' } });
    expect(slot([facts], { team: ['ben'] }).emails).toEqual({ cho: ['c1'] });
  });
});

describe('at most once', () => {
  test('not again to who had this message', () => {
    const { emails, skipped } = slot([waiting()], { emailed: ['ben m1'] });
    expect(emails).toEqual({ cho: ['c1'] });
    expect(skipped).toContainEqual({ conversationId: 'c1', agentId: 'ben', reason: 'already_emailed' });
  });
  test('again after a later message', () => {
    const later = waiting({ latest: { id: 'm2', text: 'Still there?', sentAt: AT - 20 * MINUTE } });
    expect(slot([later], { emailed: ['ben m1', 'cho m1'] }).emails).toEqual(BOTH);
  });
  test('not twice in a slot, even if something came meanwhile, and nobody says that it was withheld', () => {
    const { emails, skipped } = slot([waiting()], { alreadySent: ['ben'] });
    expect(emails).toEqual({ cho: ['c1'] });
    expect(skipped).toEqual([{ conversationId: 'c1', agentId: 'dana', reason: 'admin' }]);
    const others = { agents: [agent('ben')], alreadySent: ['ben'] };
    expect(slot([waiting()], others)).toMatchObject({ emails: {}, skipped: [] });
  });
  test('to the new assignee, who has not had it', () => {
    const reassigned = waiting({ assignee: { kind: 'agent', agentId: 'cho' } });
    expect(slot([reassigned], { emailed: ['ben m1'] }).emails).toEqual({ cho: ['c1'] });
  });
  test('chats emailed before that still wait are counted, and are no email by themselves', () => {
    const old = waiting({ id: 'c2', latest: { id: 'm9', text: 'x', sentAt: AT } });
    expect(slot([old], { emailed: ['ben m9', 'cho m9'] }).emails).toEqual({});
    const { digests } = slot([waiting(), old], { emailed: ['ben m9'] });
    expect(digests.map(({ agent: { id }, emailedBefore }) => [id, emailedBefore])).toEqual([
      ['ben', 1],
      ['cho', 0],
    ]);
  });
});

test('one email an agent, the longest waiting first', () => {
  const younger = waiting({ id: 'c2', waitingSince: AT - 30 * MINUTE });
  const older = waiting({ id: 'c3', waitingSince: AT - 90 * MINUTE });
  expect(slot([younger, waiting(), older]).emails.ben).toEqual(['c3', 'c1', 'c2']);
});
