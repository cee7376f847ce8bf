import { hasVisibleCharacter, type Origin, type Role } from '@converso/shared';
import type { ConversationState } from '../../domain/conversation.ts';
import { messageIdOf, type TimelineEvent } from '../../domain/timeline-event.ts';
import type { RecipientFacts, SlotFacts, WaitingFacts } from '../../domain/unreplied.ts';
import type { Db } from './database.ts';
import { customerOf } from './identities.ts';

interface WaitingRow extends Origin {
  key: number;
  id: string;
  channel: string;
  state: string;
  groupName: string;
  /** The customer's latest message, as its event. */
  latest: string | null;
  waiting: number;
}

/** The store's keys of the agents and conversations in the facts, by id. */
export interface SlotKeys {
  agents: Map<string, number>;
  conversations: Map<string, number>;
}

/** Every conversation that waits, and every agent who might be emailed about it, as of now. */
export function slotFacts(db: Db, businessId: string): SlotFacts & { keys: SlotKeys } {
  const conversations: WaitingFacts[] = [];
  const conversationKeys = new Map<string, number>();
  // Row by row, because each row holds the message's text three times, and a fact only once.
  const rows = db
    .sql<WaitingRow>(
      `SELECT c.key, c.id, c.channel, c.source, c.ref, c.state, g.name AS groupName, e.data AS latest,
         (SELECT count(*) FROM entries w
          WHERE w.conversation_key = c.key AND w.rank = 0 AND w.at >= c.waiting_since) AS waiting
       FROM conversations c JOIN groups g ON g.key = c.group_key
       LEFT JOIN entries e ON e.conversation_key = c.key AND e.entry_id = c.state ->> '$.latest.id'
       WHERE c.business_id = ? AND c.status = 'open' AND c.waiting_since IS NOT NULL`,
    )
    .iterate(businessId);
  for (const row of rows) {
    conversations.push(waitingFacts(db, businessId, row));
    conversationKeys.set(row.id, row.key);
  }
  const recipients = recipientRows(db, businessId);
  const keys: SlotKeys = {
    agents: new Map(recipients.map(({ key, facts }) => [facts.id, key])),
    conversations: conversationKeys,
  };
  return {
    keys,
    alreadySent: new Set(),
    conversations,
    agents: new Map(recipients.map(({ facts }) => [facts.id, facts])),
    teams: teams(db, businessId),
    emailed: ledger(db, keys),
  };
}

/** Loads all agents who were emailed a message at once: a plan asks for each agent in turn, message by message. */
function ledger(db: Db, keys: SlotKeys): SlotFacts['emailed'] {
  const emailed = db
    .sql<number>('SELECT agent_key FROM digest_messages WHERE conversation_key = ? AND message_id = ?')
    .pluck();
  let last: { conversationId: string; messageId: string; agents: Set<number> } | null = null;
  return (agentId, conversationId, messageId) => {
    if (last?.conversationId !== conversationId || last.messageId !== messageId) {
      const agents = new Set(emailed.all(keys.conversations.get(conversationId), messageId) as number[]);
      last = { conversationId, messageId, agents };
    }
    return last.agents.has(keys.agents.get(agentId)!);
  };
}

function waitingFacts(db: Db, businessId: string, row: WaitingRow): WaitingFacts {
  const state = JSON.parse(row.state) as ConversationState;
  const { id, channel, source, ref, groupName, waiting } = row;
  const event = row.latest === null ? null : (JSON.parse(row.latest) as TimelineEvent);
  // The state's text is a preview; the event has the whole message.
  const message =
    event?.type === 'received'
      ? { text: hasVisibleCharacter(event.text) ? event.text : '', attachments: event.attachments }
      : {};
  return {
    id,
    channel,
    source,
    ref,
    group: { id: state.groupId, name: groupName },
    status: state.status,
    customer: customerOf(db, businessId, state.customer),
    waitingSince: state.waitingSince,
    latest: state.latest && { ...state.latest, id: messageIdOf(state.latest.id), ...message },
    waiting,
    assignee: state.assignee,
  };
}

interface RecipientRow {
  key: number;
  id: string;
  name: string;
  email: string;
  role: Role;
  active: number;
  unrepliedEmails: number;
  suppressed: string | null;
}

const recipientRows = (db: Db, businessId: string): { key: number; facts: RecipientFacts }[] =>
  db
    .sql<RecipientRow>(
      `SELECT key, id, name, email, role, active, unreplied_emails AS unrepliedEmails, mail_suppressed AS suppressed
       FROM agents WHERE business_id = ? AND email <> ''`,
    )
    .all(businessId)
    .map(({ key, active, unrepliedEmails, ...facts }) => ({
      key,
      facts: { ...facts, active: active === 1, unrepliedEmails: unrepliedEmails === 1 },
    }));

function teams(db: Db, businessId: string): Map<string, string[]> {
  const members = db
    .sql<{ groupId: string; agentId: string }>(
      `SELECT g.id AS groupId, m.agent_id AS agentId FROM groups g JOIN group_members m ON m.group_key = g.key
       WHERE g.business_id = ? ORDER BY g.id, m.agent_id`,
    )
    .all(businessId);
  const byGroup = Map.groupBy(members, ({ groupId }) => groupId);
  return new Map([...byGroup].map(([groupId, rows]) => [groupId, rows.map(({ agentId }) => agentId)]));
}
