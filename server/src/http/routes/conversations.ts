import { AssignRequest, ConversationDetail, ConversationsPage, Id, InboxView, ReplyRequest } from '@converso/shared';
import { createRoute, z } from '@hono/zod-openapi';
import type { AppDeps } from '../../deps.ts';
import type { Assignee } from '../../domain/timeline-event.ts';
import type { Caller } from '../../ports/types.ts';
import { isDealtWithElsewhere } from '../../services/dealt-with.ts';
import { type Command, execute } from '../../services/execute.ts';
import { authenticate } from '../middleware/authenticate.ts';
import { HttpProblem, invalid, jsonBody, newRoutes, notFoundProblem, problemResponses } from '../problem.ts';

/** Conversations in one list; whoever looks for an older one searches in the sender's own inbox. */
const LIST_MAX = 200;
const params = z.object({ conversationId: Id });
/** A command answers nothing: after giving a chat away, the agent may not see it any more. */
const done = { 204: { description: 'Done' } };

const list = createRoute({
  method: 'get',
  path: '/v1/conversations',
  tags: ['The built-in inbox'],
  summary: 'A conversation list of the built-in inbox',
  request: { query: z.object({ view: InboxView.default('mine') }) },
  responses: {
    200: { description: 'The list', content: { 'application/json': { schema: ConversationsPage } } },
    ...problemResponses(401, 422),
  },
});

const one = createRoute({
  method: 'get',
  path: '/v1/conversations/{conversationId}',
  tags: ['The built-in inbox'],
  summary: 'A conversation with its thread',
  request: { params },
  responses: {
    200: { description: 'The conversation', content: { 'application/json': { schema: ConversationDetail } } },
    ...problemResponses(401, 404),
  },
});

const reply = createRoute({
  method: 'post',
  path: '/v1/conversations/{conversationId}/reply',
  tags: ['The built-in inbox'],
  summary: 'Reply to the customer, or leave a private note (only in the demo)',
  request: { params, ...jsonBody(ReplyRequest) },
  responses: { ...done, ...problemResponses(401, 404, 409, 415, 422) },
});

const assign = createRoute({
  method: 'post',
  path: '/v1/conversations/{conversationId}/assign',
  tags: ['The built-in inbox'],
  summary: 'Give the chat to a colleague, to the assistant or to nobody',
  request: { params, ...jsonBody(AssignRequest) },
  responses: { ...done, ...problemResponses(401, 404, 409, 415, 422) },
});

const plain = <const Path extends string>(path: Path, summary: string) =>
  createRoute({
    method: 'post',
    path: `/v1/conversations/{conversationId}/${path}`,
    tags: ['The built-in inbox'],
    summary,
    request: { params },
    responses: { ...done, ...problemResponses(401, 404, 409) },
  });
const PLAIN = [
  { route: plain('close', 'Close the chat'), type: 'closed' },
  { route: plain('reopen', 'Reopen the chat'), type: 'reopened' },
  { route: plain('no-reply-needed', 'The customer expects no answer'), type: 'no_reply_needed' },
] as const;

const notThere = () => notFoundProblem('There is no such conversation.');

const assigneeOf = (assignee: z.infer<typeof AssignRequest>['assignee']): Assignee => {
  if (assignee === null) return null;
  return 'agentId' in assignee ? { kind: 'agent', agentId: assignee.agentId } : { kind: 'assistant' };
};

/** What the built-in inbox page shows and does. With an inbox of the business's own, commands belong there. */
export function conversationRoutes(deps: AppDeps) {
  const { store, config } = deps;
  const routes = newRoutes();
  routes.use('/v1/conversations', authenticate(deps));
  routes.use('/v1/conversations/:conversationId', authenticate(deps));
  routes.use(
    '/v1/conversations/:conversationId/:command{reply|assign|close|reopen|no-reply-needed}',
    authenticate(deps),
  );

  async function perform(caller: Caller, conversationId: string, command: Command): Promise<void> {
    if (!(await store.canSee(caller, conversationId))) throw notThere();
    if (await isDealtWithElsewhere(deps, caller, conversationId)) {
      throw new HttpProblem(409, 'Conversations are dealt with in your own inbox, not here.');
    }
    if ((command.type === 'sent' || command.type === 'note') && !config.demo) {
      throw new HttpProblem(409, 'Nothing here would deliver a reply; please answer where the message came in.');
    }
    const result = await execute(deps, caller, conversationId, command);
    if (result.outcome === 'unknown_agent') throw invalid('assignee.agentId', 'is no active agent of this business');
    if (result.outcome !== 'done') throw notThere();
  }

  routes.openapi(list, async (c) => {
    const page = await store.conversations(c.get('caller'), c.req.valid('query').view, LIST_MAX);
    return c.json({ ...page, canReply: config.demo && config.canTake }, 200);
  });
  routes.openapi(one, async (c) => {
    const conversation = await store.conversation(c.get('caller'), c.req.valid('param').conversationId);
    if (conversation === null) throw notThere();
    return c.json(conversation, 200);
  });
  routes.openapi(reply, async (c) => {
    const { text, private: isPrivate = false } = c.req.valid('json');
    const command: Command = { type: isPrivate ? 'note' : 'sent', text };
    await perform(c.get('caller'), c.req.valid('param').conversationId, command);
    return c.body(null, 204);
  });
  routes.openapi(assign, async (c) => {
    const command: Command = { type: 'assigned', assignee: assigneeOf(c.req.valid('json').assignee) };
    await perform(c.get('caller'), c.req.valid('param').conversationId, command);
    return c.body(null, 204);
  });
  for (const { route, type } of PLAIN) {
    routes.openapi(route, async (c) => {
      await perform(c.get('caller'), c.req.valid('param').conversationId, { type });
      return c.body(null, 204);
    });
  }
  return routes;
}
