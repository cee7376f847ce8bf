/**
 * One sign-in for extension and inbox: the extension asks for a ticket, and the browser tab that brings it back gets a
 * session of the same agent. After OWASP's cheat sheets on sessions and forgotten passwords, which have the same kind of
 * link: random, short-lived, single-use, kept as a hash.
 */
import type { Store, TicketUsed } from '../ports/store.ts';
import type { Caller, Clock } from '../ports/types.ts';
import { hashToken, newToken } from './token.ts';

/** Milliseconds within which a ticket must be used: a tab that opens at once, on a slow line. */
export const TICKET_LIFE_MS = 30_000;

/** What a ticket looks like: anything else is not looked up. */
const TICKET = /^[A-Za-z0-9_-]{43}$/;

export interface TicketDeps {
  store: Pick<Store, 'putTicket' | 'useTicket'>;
  clock: Clock;
}

/** Makes a ticket of the caller's session. It is in the answer and nowhere else. */
export async function issueTicket({ store, clock }: TicketDeps, caller: Caller): Promise<string> {
  const ticket = newToken();
  const now = clock.now();
  await store.putTicket(caller, { ticketHash: hashToken(ticket), expiresAt: now + TICKET_LIFE_MS, now });
  return ticket;
}

/**
 * Spends a ticket for a session of its agent.
 * @param current the token of the session that the browser has, if it has one
 */
export async function redeemTicket(
  { store, clock }: TicketDeps,
  ticket: string,
  current: string | undefined,
): Promise<TicketUsed & { token: string }> {
  const token = newToken();
  if (!TICKET.test(ticket)) return { outcome: 'refused', token };
  const used = await store.useTicket({
    ticketHash: hashToken(ticket),
    tokenHash: hashToken(token),
    now: clock.now(),
    ...(current ? { currentTokenHash: hashToken(current) } : {}),
  });
  return { ...used, token };
}
