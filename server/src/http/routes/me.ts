import { Me, Preferences, PreferencesPatch, Session } from '@converso/shared';
import { createRoute, z } from '@hono/zod-openapi';
import { inboxOf } from '../../config.ts';
import type { AppDeps } from '../../deps.ts';
import { completeMe } from '../../services/inboxes.ts';
import { authenticate } from '../middleware/authenticate.ts';
import { jsonBody, newRoutes, notFoundProblem, problemResponses } from '../problem.ts';

const tags = ['The agent'];

const getMe = createRoute({
  method: 'get',
  path: '/v1/me',
  tags,
  summary: 'Who is signed in, and where their conversations open',
  responses: {
    200: { description: 'The agent.', content: { 'application/json': { schema: Me } } },
    ...problemResponses(401, 503),
  },
});

const listSessions = createRoute({
  method: 'get',
  path: '/v1/me/sessions',
  tags,
  summary: "The agent's sessions",
  responses: {
    200: {
      description: 'Latest used first.',
      content: { 'application/json': { schema: z.object({ items: z.array(Session) }) } },
    },
    ...problemResponses(401, 503),
  },
});

const endSession = createRoute({
  method: 'delete',
  path: '/v1/me/sessions/{id}',
  tags,
  summary: 'Revoke a session',
  description: 'Its token stops working at once and its streams end.',
  request: { params: z.object({ id: z.string() }) },
  responses: { 204: { description: 'Revoked.' }, ...problemResponses(401, 403, 404, 503) },
});

const patchPreferences = createRoute({
  method: 'patch',
  path: '/v1/me/preferences',
  tags,
  summary: 'Change preferences',
  description: 'Any of the three; every device of the agent is told.',
  request: jsonBody(PreferencesPatch),
  responses: {
    200: { description: 'All three as they are now.', content: { 'application/json': { schema: Preferences } } },
    ...problemResponses(401, 403, 413, 415, 422, 503),
  },
});

/** The signed-in agent: who, where, preferences and sessions. */
export function meRoutes(deps: AppDeps) {
  const { store, wakeups, clock, config, sources } = deps;
  const app = newRoutes();
  app.use('/v1/me', authenticate(deps));
  app.use('/v1/me/*', authenticate(deps));

  app.openapi(getMe, async (c) => {
    const me = await store.me(c.var.caller);
    return c.json(completeMe(me, inboxOf(config), sources), 200);
  });

  app.openapi(listSessions, async (c) => c.json({ items: await store.sessions(c.var.caller) }, 200));

  app.openapi(endSession, async (c) => {
    const { ended, affected } = await store.endSession(c.var.caller, c.req.valid('param').id);
    if (!ended) throw notFoundProblem('You have no such session.');
    wakeups.wake(affected);
    return c.body(null, 204);
  });

  app.openapi(patchPreferences, async (c) => {
    const { preferences, affected } = await store.setPreferences(c.var.caller, c.req.valid('json'), clock.now());
    wakeups.wake(affected);
    return c.json(preferences, 200);
  });

  return app;
}
