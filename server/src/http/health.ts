import { createRoute, z } from '@hono/zod-openapi';
import { deadline } from '../deadline.ts';
import type { AppDeps } from '../deps.ts';
import { describeError } from '../log.ts';
import { hasNoMail, NO_MAIL } from '../mail/transport.ts';
import { HttpProblem, newRoutes, problemResponses } from './problem.ts';

const STORE_DEADLINE_MS = 5_000;
const Status = z.object({ status: z.literal('ok') });
const Ready = Status.extend({
  /** Scheduled emails: sent as they come, or held back for a reason that only the operator can remove. */
  mail: z.union([
    z.object({ status: z.literal('ok') }),
    z.object({ status: z.literal('paused'), reason: z.string(), until: z.string() }),
    /** No transport is configured outside the demo: emails reach nobody. */
    z.object({ status: z.literal('none'), reason: z.string() }),
  ]),
});
const ok = { 200: { description: 'Yes.', content: { 'application/json': { schema: Status } } } };

const alive = createRoute({
  method: 'get',
  path: '/healthz',
  tags: ['Operation'],
  security: [],
  summary: 'Is the process alive?',
  responses: ok,
});
const ready = createRoute({
  method: 'get',
  path: '/readyz',
  tags: ['Operation'],
  security: [],
  summary: 'Can it read and store?',
  responses: {
    200: { description: 'Yes.', content: { 'application/json': { schema: Ready } } },
    ...problemResponses(503),
  },
});

/** For whoever watches the process: alive, and able to work. */
export function healthRoutes({ store, log, digests, config }: AppDeps) {
  const app = newRoutes();
  app.openapi(alive, (c) => c.json({ status: 'ok' as const }, 200));
  app.openapi(ready, async (c) => {
    try {
      await deadline(store.check(), STORE_DEADLINE_MS);
    } catch (error) {
      log.error(describeError(error), 'the store is not ready');
      throw new HttpProblem(503, 'The store cannot be read and written.', { headers: { 'Retry-After': '5' } });
    }
    // Held-back emails are no reason to send the traffic elsewhere: messages still come in and toasts go out.
    const pause = digests.paused();
    const mail = pause
      ? { status: 'paused' as const, reason: pause.reason, until: new Date(pause.until).toISOString() }
      : hasNoMail(config)
        ? { status: 'none' as const, reason: NO_MAIL }
        : { status: 'ok' as const };
    return c.json({ status: 'ok' as const, mail }, 200);
  });
  return app;
}
