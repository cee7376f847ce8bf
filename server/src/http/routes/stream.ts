import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { createRoute, z } from '@hono/zod-openapi';
import type { AppDeps } from '../../deps.ts';
import { cursorOf } from '../../stream/cursor.ts';
import { authenticate } from '../middleware/authenticate.ts';
import { endsConnection } from '../middleware/one-at-a-time.ts';
import { HttpProblem, newRoutes, problemResponses } from '../problem.ts';

const RETRY_AFTER_S = 2;

const route = createRoute({
  method: 'get',
  path: '/v1/stream',
  tags: ['Events out'],
  summary: 'Receive notifications as they happen',
  description:
    'Server-sent events: `snapshot`, `caught_up`, `notification`, `preferences`, `goodbye`. Resumes after `Last-Event-ID`, else after `cursor`, else begins with a snapshot.',
  request: {
    query: z.object({
      cursor: z.string().optional().openapi({ description: 'The last id seen, for readers that cannot set headers' }),
      conversations: z
        .string()
        .optional()
        .openapi({ description: '`1`: also an empty `conversations` event when a conversation list may have changed' }),
    }),
  },
  responses: {
    200: { description: 'The stream', content: { 'text/event-stream': { schema: z.string() } } },
    ...problemResponses(401, 503),
  },
});

/** `GET /v1/stream`: what is new for the agent who asks, from where the device was. */
export function streamRoutes(deps: AppDeps) {
  const routes = newRoutes();
  routes.use('/v1/stream', authenticate(deps));
  routes.openapi(route, (c) => {
    if (c.req.raw.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream; charset=utf-8' });
    const { cursor, conversations } = c.req.valid('query');
    const { outgoing } = c.env;
    const accepted = deps.streams.accept(c.get('caller'), outgoing, {
      cursor: cursorOf(c.req.header('last-event-id'), cursor),
      byCookie: c.req.header('authorization') === undefined,
      conversations: conversations === '1',
    });
    if (!accepted) {
      throw new HttpProblem(503, 'No stream can be opened here now.', {
        headers: { 'Retry-After': String(RETRY_AFTER_S) },
      });
    }
    if (outgoing.socket) endsConnection(outgoing.socket);
    return RESPONSE_ALREADY_SENT;
  });
  return routes;
}
