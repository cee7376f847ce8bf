import { Id, NotificationsPage, ReadRequest, TakeConflict, TakeResponse, Unread } from '@converso/shared';
import { createRoute, z } from '@hono/zod-openapi';
import type { AppDeps } from '../../deps.ts';
import type { ReadSelection } from '../../ports/store.ts';
import type { Caller } from '../../ports/types.ts';
import { isDealtWithElsewhere } from '../../services/dealt-with.ts';
import { execute } from '../../services/execute.ts';
import { authenticate } from '../middleware/authenticate.ts';
import { HttpProblem, jsonBody, newRoutes, notFoundProblem, problemResponses } from '../problem.ts';

const PAGE_MAX = 200;
const json = <Schema extends z.ZodType>(description: string, schema: Schema) => ({
  description,
  content: { 'application/json': { schema } },
});
const params = z.object({ conversationId: Id });

const list = createRoute({
  method: 'get',
  path: '/v1/notifications',
  tags: ['Notifications'],
  summary: 'The bell: my notifications, newest first',
  request: {
    query: z.object({
      limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(50),
      before: z.coerce.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER).optional(),
    }),
  },
  responses: { 200: json('A page of them', NotificationsPage), ...problemResponses(401, 422) },
});

const markRead = createRoute({
  method: 'post',
  path: '/v1/notifications/read',
  tags: ['Notifications'],
  summary: 'Mark some, or all up to a seq, as read',
  request: jsonBody(ReadRequest),
  responses: { 200: json('How many are left', Unread), ...problemResponses(401, 415, 422) },
});

const readConversation = createRoute({
  method: 'post',
  path: '/v1/conversations/{conversationId}/read',
  tags: ['Notifications'],
  summary: 'I have opened this conversation',
  request: { params },
  responses: { 200: json('How many are left', Unread), ...problemResponses(401, 404) },
});

const take = createRoute({
  method: 'post',
  path: '/v1/conversations/{conversationId}/take',
  tags: ['Notifications'],
  summary: 'Assign the chat to me, unless somebody was faster',
  request: { params },
  responses: {
    200: json('It is mine', TakeResponse),
    ...problemResponses(401, 404),
    409: {
      description:
        'Somebody has it (`assignee`), or it is closed (`null`); without `assignee`: chats are assigned elsewhere',
      content: {
        'application/problem+json': {
          schema: problemResponses(409)[409].content['application/problem+json'].schema.extend(
            TakeConflict.partial().shape,
          ),
        },
      },
    },
  },
});

const taken = (detail: string, assignee: TakeConflictAssignee) =>
  new HttpProblem(409, detail, { members: { assignee } });
type TakeConflictAssignee = z.infer<typeof TakeConflict>['assignee'];

/** The bell and what an agent does with a notification. */
export function notificationRoutes(deps: AppDeps) {
  const { store, wakeups, clock } = deps;
  const routes = newRoutes();
  routes.use('/v1/notifications/*', authenticate(deps));
  routes.use('/v1/conversations/:conversationId/:command{read|take}', authenticate(deps));

  async function mark(caller: Caller, selection: ReadSelection): Promise<{ unread: number }> {
    const { unread, affected } = await store.markRead(caller, selection, clock.now());
    wakeups.wake(affected);
    return { unread };
  }

  routes.openapi(list, async (c) => {
    const { limit, before } = c.req.valid('query');
    const page = await store.notifications(c.get('caller'), { limit, ...(before === undefined ? {} : { before }) });
    return c.json(page, 200);
  });

  routes.openapi(markRead, async (c) => {
    const body = c.req.valid('json');
    const selection: ReadSelection = 'ids' in body ? { ids: body.ids } : { upTo: body.upTo };
    return c.json(await mark(c.get('caller'), selection), 200);
  });

  routes.openapi(readConversation, async (c) => {
    const caller = c.get('caller');
    const { conversationId } = c.req.valid('param');
    if (!(await store.canSee(caller, conversationId))) throw notFoundProblem('There is no such conversation.');
    return c.json(await mark(caller, { conversationId }), 200);
  });

  routes.openapi(take, async (c) => {
    const caller = c.get('caller');
    const { id, name } = caller.agent;
    const { conversationId } = c.req.valid('param');
    if (await isDealtWithElsewhere(deps, caller, conversationId)) {
      if (!(await store.canSee(caller, conversationId))) throw notFoundProblem('There is no such conversation.');
      throw new HttpProblem(409, 'Chats are assigned in your own inbox, not from here.');
    }
    const command = { type: 'assigned', assignee: { kind: 'agent', agentId: id } } as const;
    const result = await execute(deps, caller, conversationId, command, { onlyIfFree: true });
    switch (result.outcome) {
      case 'done':
        return c.json({ assignee: { id, name } }, 200);
      case 'not_free':
        throw result.assignee === null
          ? taken('This chat is closed.', null)
          : taken(`${result.assignee.name} was faster.`, result.assignee);
      case 'not_found':
      case 'unknown_agent':
        throw notFoundProblem('There is no such conversation.');
    }
  });
  return routes;
}
