import { createRoute, z } from '@hono/zod-openapi';
import { hasNoMail, NO_MAIL } from '../../config.ts';
import { deadline } from '../../deadline.ts';
import type { AppDeps } from '../../deps.ts';
import { describeError } from '../../log.ts';
import { StoreUnusable } from '../../ports/store.ts';
import { HttpProblem, newRoutes, problemResponses } from '../problem.ts';

const STORE_DEADLINE_MS = 5_000;
/** An answer about the store holds this long (milliseconds), however many ask. */
const ANSWER_HOLDS_MS = 1_000;
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
  summary: 'Can it read, and did it store what it was last given?',
  responses: {
    200: { description: 'Yes.', content: { 'application/json': { schema: Ready } } },
    ...problemResponses(503),
  },
});

/** For whoever watches the process: alive, and able to work. */
export function healthRoutes({ store, log, digests, config }: AppDeps) {
  const app = newRoutes();
  let last: { at: number; outcome: Promise<Error | null> } | null = null;

  /** Null if the store is ready. */
  function storeFailure(): Promise<Error | null> {
    const now = performance.now();
    if (last !== null && now - last.at < ANSWER_HOLDS_MS) return last.outcome;
    const outcome = deadline(store.check(), STORE_DEADLINE_MS).then(
      () => null,
      (error: Error) => {
        // An unusable store was logged once, when it was found.
        log[error instanceof StoreUnusable ? 'debug' : 'error'](describeError(error), 'the store is not ready');
        return error;
      },
    );
    last = { at: now, outcome };
    return outcome;
  }

  app.openapi(alive, (c) => c.json({ status: 'ok' as const }, 200));
  app.openapi(ready, async (c) => {
    const failure = await storeFailure();
    if (failure !== null) {
      const detail = failure instanceof StoreUnusable ? failure.message : 'The store cannot be read and written.';
      throw new HttpProblem(503, detail, { headers: { 'Retry-After': '5' } });
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
