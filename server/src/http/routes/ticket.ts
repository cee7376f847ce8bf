import { TicketResponse } from '@converso/shared';
import { createRoute } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { AppDeps, AppEnv } from '../../deps.ts';
import { issueTicket, redeemTicket } from '../../services/ticket.ts';
import { authenticate, sessionCookie } from '../middleware/authenticate.ts';
import { setSessionCookie } from '../middleware/session-cookie.ts';
import { newRoutes, problemResponses, unauthorized } from '../problem.ts';

const getTicket = createRoute({
  method: 'post',
  path: '/v1/auth/ticket',
  tags: ['Sign-in'],
  security: [{ bearer: [] }],
  summary: 'Get a ticket that opens the inbox signed in',
  description:
    'For `/inbox?ticket=…` and `/inbox/{conversationId}?ticket=…`: within 30 seconds and once, it signs that browser in as the same agent, and the answer removes it from the address. The session that it begins ends with the one that asked. Only with a token, not with the cookie.',
  responses: {
    200: { description: 'The ticket.', content: { 'application/json': { schema: TicketResponse } } },
    ...problemResponses(401, 503),
  },
});

/**
 * Whether another site made the browser send the request: its link could sign a victim in as the attacker (login CSRF;
 * OWASP's cheat sheet on CSRF). What a person or an extension opens has `none`, and older browsers send nothing.
 */
const isFromElsewhere = (c: Context<AppEnv>): boolean =>
  ['cross-site', 'same-site'].includes(c.req.header('sec-fetch-site') ?? '');

/** One-time tickets: given to a signed-in extension, used by the inbox page that it opens. */
export function ticketRoutes(deps: AppDeps) {
  const { config, wakeups } = deps;
  const app = newRoutes();

  app.use(getTicket.path, async (c, next) => {
    // A script in the page must not be able to carry the cookie's session to another browser.
    if (c.req.header('authorization') === undefined) throw unauthorized();
    return authenticate(deps)(c, next);
  });
  app.openapi(getTicket, async (c) => c.json({ ticket: await issueTicket(deps, c.var.caller) }, 200));

  app.get('/inbox/*', async (c, next) => {
    const ticket = c.req.query('ticket');
    if (ticket === undefined) return next();
    if (c.req.method === 'GET' && !isFromElsewhere(c)) {
      const used = await redeemTicket(deps, ticket, getCookie(c, sessionCookie(config.publicUrl)));
      if (used.outcome === 'signed_in') {
        setSessionCookie(c, config.publicUrl, used.token);
        wakeups.wake(used.affected);
      }
    }
    const { pathname, searchParams } = new URL(c.req.url);
    searchParams.delete('ticket');
    // Neither history nor referrer keeps the address: this answer is no page, and names none.
    c.header('Referrer-Policy', 'no-referrer');
    return c.redirect(searchParams.size > 0 ? `${pathname}?${searchParams}` : pathname, 303);
  });

  return app;
}
