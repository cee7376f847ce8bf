import { createRoute, z } from '@hono/zod-openapi';
import { deadline } from '../deadline.ts';
import type { AppDeps } from '../deps.ts';
import { describeError } from '../log.ts';
import { HttpProblem, newRoutes, problemResponses } from './problem.ts';

const STORE_DEADLINE_MS = 5_000;
const Status = z.object({ status: z.literal('ok') });
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
  responses: { ...ok, ...problemResponses(503) },
});

/** For whoever watches the process: alive, and able to work. */
export function healthRoutes({ store, log }: AppDeps) {
  const app = newRoutes();
  app.openapi(alive, (c) => c.json({ status: 'ok' as const }, 200));
  app.openapi(ready, async (c) => {
    try {
      await deadline(store.check(), STORE_DEADLINE_MS);
    } catch (error) {
      log.error(describeError(error), 'the store is not ready');
      throw new HttpProblem(503, 'The store cannot be read and written.', { headers: { 'Retry-After': '5' } });
    }
    return c.json({ status: 'ok' as const }, 200);
  });
  return app;
}
