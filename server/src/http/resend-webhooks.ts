import { createRoute, z } from '@hono/zod-openapi';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import type { AppDeps } from '../deps.ts';
import { HttpProblem, invalid, newRoutes, problemResponses } from './problem.ts';

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
  responses: { 204: { description: 'Taken, or of no interest.' }, ...problemResponses(401, 404, 422) },
});

/** `Ana <ana@example.com>` is the same mailbox as the bare address. */
const bareAddress = (to: string): string => /<([^<>]+)>\s*$/.exec(to)?.[1] ?? to;

/** Resend signs with Svix's header names; the signature itself is that of Standard Webhooks. */
const svixHeaders = (header: (name: string) => string | undefined): Record<string, string> =>
  Object.fromEntries(
    ['id', 'timestamp', 'signature'].map((part) => [
      `webhook-${part}`,
      header(`svix-${part}`) ?? header(`webhook-${part}`) ?? '',
    ]),
  );

export function resendWebhookRoutes({ store, config, log }: AppDeps) {
  const app = newRoutes();
  app.openapi(route, async (c) => {
    if (config.resendWebhookSecret === null) throw new HttpProblem(404, 'RESEND_WEBHOOK_SECRET is not set.');
    let event: unknown;
    try {
      const headers = svixHeaders((name) => c.req.header(name));
      event = new Webhook(config.resendWebhookSecret).verify(await c.req.text(), headers);
    } catch (error) {
      if (error instanceof WebhookVerificationError) throw new HttpProblem(401, 'The signature is not valid.');
      if (error instanceof SyntaxError) throw invalid('', 'is not JSON');
      throw error;
    }
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
