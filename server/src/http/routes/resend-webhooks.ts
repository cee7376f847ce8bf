import { createRoute, z } from '@hono/zod-openapi';
import type { AppDeps } from '../../deps.ts';
import { isSigned, type SignatureHeaders } from '../../services/signature.ts';
import { jsonOf, limitForgeries } from '../middleware/signed-body.ts';
import { HttpProblem, newRoutes, problemResponses } from '../problem.ts';

/** What Resend reports about an address; after these no more mail goes there. Other events are of no interest. */
const Any = z.object({ type: z.string() });
const Gone = z.object({
  type: z.enum(['email.bounced', 'email.complained', 'email.suppressed']),
  data: z.object({
    to: z.union([z.array(z.string()), z.string().transform((to) => [to])]),
    bounce: z.object({ type: z.string().nullish() }).nullish(),
  }),
});

const REASONS = { 'email.bounced': 'bounced', 'email.complained': 'complained', 'email.suppressed': 'suppressed' };
const isOfInterest = (type: string): boolean => Object.hasOwn(REASONS, type);

const route = createRoute({
  method: 'post',
  path: '/v1/resend/webhooks',
  tags: ['Operation'],
  security: [],
  summary: 'Resend tells of bounces and complaints',
  description: 'Signed by Resend with the secret of its webhook, in Svix headers. Mail to such an address stops.',
  responses: { 204: { description: 'Taken, or of no interest.' }, ...problemResponses(401, 404, 413, 422, 429) },
});

/** `Ana <ana@example.com>` is the same mailbox as the bare address. */
const bareAddress = (to: string): string => /<([^<>]+)>\s*$/.exec(to)?.[1] ?? to;

/** Resend signs with Svix's header names; the signature itself is that of Standard Webhooks. */
const svixHeaders = (header: (name: string) => string | undefined): SignatureHeaders => ({
  'webhook-id': header('svix-id') ?? header('webhook-id'),
  'webhook-timestamp': header('svix-timestamp') ?? header('webhook-timestamp'),
  'webhook-signature': header('svix-signature') ?? header('webhook-signature'),
});

export function resendWebhookRoutes({ store, config, log }: AppDeps) {
  const app = newRoutes();
  const countForgery = limitForgeries(config.trustProxy);
  app.openapi(route, async (c) => {
    if (config.resendWebhookSecret === null) throw new HttpProblem(404, 'RESEND_WEBHOOK_SECRET is not set.');
    const body = Buffer.from(await c.req.arrayBuffer());
    const headers = svixHeaders((name) => c.req.header(name));
    if (!isSigned(body, headers, [config.resendWebhookSecret])) {
      await countForgery(c);
      throw new HttpProblem(401, 'The signature is not valid.');
    }
    const event = jsonOf(body);
    const any = Any.safeParse(event);
    const type = any.success ? any.data.type : null;
    if (type !== null && !isOfInterest(type)) return c.body(null, 204);
    const gone = Gone.safeParse(event);
    if (!gone.success) {
      // Sending it again would not help, so it is accepted; the log is where the operator learns of it.
      const fields = gone.error.issues.map(({ path }) => path.join('.'));
      log.error({ type, fields }, 'a webhook of Resend was not understood; mail to the address goes on');
      return c.body(null, 204);
    }
    const { data } = gone.data;
    const reason = REASONS[gone.data.type];
    // A full mailbox or a server that is down passes; only a permanent bounce says that nobody is there.
    const bounce = data.bounce?.type ?? 'Permanent';
    if (reason === 'bounced' && bounce !== 'Permanent') return c.body(null, 204);
    for (const to of data.to) {
      const { agents } = await store.suppressMail(bareAddress(to), reason);
      log.warn({ reason, agents }, 'no more mail goes to an address; see `cli agent list`');
    }
    return c.body(null, 204);
  });
  return app;
}
