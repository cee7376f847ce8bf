import { randomUUID } from 'node:crypto';
import type { Store, TicketUse, TicketUsed } from '../../ports/store.ts';
import type { Caller } from '../../ports/types.ts';
import type { Db } from './database.ts';
import { callerOf, endSession, SESSION_IDLE_MS } from './sessions.ts';
import { nobodyAffected } from './unit-of-work.ts';

/** Keeps a ticket, and forgets those that have expired. To run inside a transaction. */
export function putTicket(
  db: Db,
  { sessionId }: Caller,
  { ticketHash, expiresAt, now }: Parameters<Store['putTicket']>[1],
): void {
  db.sql('DELETE FROM tickets WHERE expires_at <= ?').run(now);
  db.sql('INSERT INTO tickets (ticket_hash, session_id, expires_at) VALUES (?, ?, ?)').run(
    ticketHash,
    sessionId,
    expiresAt,
  );
}

/** Whether there is such a ticket, expired or not. */
export const isTicketKept = (db: Db, ticketHash: string): boolean =>
  db.sql('SELECT 1 FROM tickets WHERE ticket_hash = ?').get(ticketHash) !== undefined;

interface IssuerRow {
  sessionId: string;
  device: string | null;
  agentKey: number;
  businessId: string;
  id: string;
  name: string;
  email: string;
  role: 'agent' | 'admin';
}

/** The session that asked for the ticket, if both are valid. */
const issuerOf = (db: Db, { ticketHash, now }: TicketUse): IssuerRow | undefined =>
  db
    .sql<IssuerRow>(
      `SELECT s.id AS sessionId, s.device, a.key AS agentKey, a.business_id AS businessId, a.id, a.name, a.email, a.role
       FROM tickets t JOIN sessions s ON s.id = t.session_id JOIN agents a ON a.key = s.agent_key
       WHERE t.ticket_hash = ? AND t.expires_at > ? AND s.last_used_at > ? AND a.active = 1`,
    )
    .get(ticketHash, now, now - SESSION_IDLE_MS);

/** Spends the ticket, whatever comes of it, and begins the session. To run inside a transaction. */
export function useTicket(db: Db, use: TicketUse): TicketUsed {
  const { ticketHash, tokenHash, currentTokenHash, now } = use;
  const issuer = issuerOf(db, use);
  db.sql('DELETE FROM tickets WHERE ticket_hash = ?').run(ticketHash);
  if (issuer === undefined) return { outcome: 'refused' };
  const { sessionId: begunBy, device, agentKey, businessId, ...agent } = issuer;

  const current = currentTokenHash === undefined ? undefined : callerOf(db, currentTokenHash, now)?.caller;
  if (current?.agentKey === agentKey) return { outcome: 'signed_in_already' };
  // The browser loses the cookie of that session, so nobody could use or end it any more.
  const affected = current ? endSession(db, current, current.sessionId).affected : nobodyAffected();

  const sessionId = randomUUID();
  db.sql(
    `INSERT INTO sessions (id, agent_key, token_hash, device, created_at, last_used_at, begun_by)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(sessionId, agentKey, tokenHash, device === null ? 'Inbox' : `Inbox in ${device}`, now, now, begunBy);
  return { outcome: 'signed_in', caller: { sessionId, agentKey, businessId, agent }, affected };
}
