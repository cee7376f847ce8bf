import { readFileSync } from 'node:fs';
import type { ConversationDetail } from '@converso/shared';
import { createAnswering } from '../../demo/answering.ts';
import { DEMO_BUSINESS } from '../../demo/business.ts';
import { CustomerMessage, conversationIdOf, write } from '../../demo/customer.ts';
import { demoBody, demoHead } from '../../demo/page.ts';
import { createSender } from '../../demo/sender.ts';
import type { AppDeps } from '../../deps.ts';
import { serverFile } from '../../files.ts';
import { isSameOrigin } from '../middleware/authenticate.ts';
import { jsonOnly, limitBody } from '../middleware/limits.ts';
import { loopbackOnly } from '../middleware/loopback-only.ts';
import { page } from '../pages/page.ts';
import { HttpProblem, invalid, invalidFields, newRoutes } from '../problem.ts';

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const fileOf = (name: string): string => readFileSync(serverFile(`src/demo/${name}`), 'utf8');

/** What a customer sees of a conversation: no notes, and of its fate only who answers. */
function asCustomerSees(conversation: ConversationDetail | null) {
  if (conversation === null) return { status: 'new', messages: [] };
  const { status, assignee, handedOver, group, entries } = conversation;
  const messages = entries
    .filter(({ type }) => type === 'received' || type === 'sent')
    .map(({ id, at, by, text }) => ({ id, at, from: by?.kind ?? 'automatic', name: by?.name ?? null, text }));
  return { status, assignee, handedOver, group, messages };
}

/** `/demo`: a page to write as a customer. Mounted only in the demo. */
export function demoRoutes(deps: AppDeps) {
  const { store, clock, config, log } = deps;
  const send = createSender(config, store, clock);
  const thread = (conversationId: string) => store.transcript(DEMO_BUSINESS.id, conversationId);
  const answering = createAnswering({ send, thread, clock, log });
  const files = { 'demo.css': fileOf('demo.css'), 'demo.js': fileOf('demo.js') };
  const routes = newRoutes();
  routes.use('/demo', loopbackOnly);
  routes.use('/demo/*', loopbackOnly, limitBody(), jsonOnly);

  routes.get('/demo', (c) =>
    c.html(page('Write as a customer', demoBody(config.inboxUrl), demoHead), 200, {
      'Content-Security-Policy': POLICY,
      'Cache-Control': 'no-store',
    }),
  );
  routes.get('/demo/demo.css', (c) => c.body(files['demo.css'], 200, { 'Content-Type': 'text/css; charset=utf-8' }));
  routes.get('/demo/demo.js', (c) =>
    c.body(files['demo.js'], 200, { 'Content-Type': 'text/javascript; charset=utf-8' }),
  );

  /** Where the messages of that sender on that channel are, and what they are so far. */
  routes.get('/demo/thread', async (c) => {
    const query = CustomerMessage.pick({ channel: true, sender: true }).safeParse(c.req.query());
    if (!query.success) throw invalidFields(query.error);
    return c.json(asCustomerSees(await thread(conversationIdOf(query.data))), 200, { 'Cache-Control': 'no-store' });
  });

  routes.post('/demo/messages', async (c) => {
    if (!isSameOrigin(c, config.publicUrl)) throw new HttpProblem(403, 'This must come from the demo page.');
    const body: unknown = await c.req.json().catch(() => {
      throw invalid('body', 'is not valid JSON');
    });
    const message = CustomerMessage.safeParse(body);
    if (!message.success) throw invalidFields(message.error);
    const conversationId = conversationIdOf(message.data);
    await write({ send, clock }, message.data, await thread(conversationId));
    answering.consider(conversationId);
    return c.json({ conversationId }, 202);
  });
  return routes;
}
