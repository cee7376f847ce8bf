import { IngestEvent } from '@converso/shared';
import { createRoute, z } from '@hono/zod-openapi';
import type { AppDeps } from '../../deps.ts';
import { describeError } from '../../log.ts';
import { StoreUnusable } from '../../ports/store.ts';
import { ingest } from '../../services/ingest.ts';
import { isSigned } from '../../services/signature.ts';
import { cachedSecrets } from '../middleware/cached-secrets.ts';
import { jsonOf, limitForgeries } from '../middleware/signed-body.ts';
import {
  HttpProblem,
  invalid,
  invalidFields,
  jsonBody,
  newRoutes,
  notFoundProblem,
  problemResponses,
} from '../problem.ts';

const RETRY_AFTER_S = 5;
/** What a sender may call a delivery: anything printable, short enough to be kept. */
const EVENT_ID = /^[\x20-\x7e]{1,128}$/;

const Accepted = z.object({ duplicate: z.boolean() });

/** The route as the OpenAPI document tells it; the handler below reads the raw bytes, which are what is signed. */
const described = createRoute({
  method: 'post',
  path: '/v1/businesses/{businessId}/events',
  tags: ['Events in'],
  security: [],
  summary: 'Send an event',
  description:
    'Signed as Standard Webhooks. 202 once it is on disk; a repeated webhook-id is a duplicate and does nothing.',
  request: {
    params: z.object({ businessId: z.string() }),
    headers: z.object({
      'webhook-id': z.string().max(128),
      'webhook-timestamp': z.string().openapi({ description: 'Seconds since 1970' }),
      'webhook-signature': z.string().openapi({ description: 'Space-separated `v1,<base64>`' }),
    }),
    ...jsonBody(IngestEvent),
  },
  responses: {
    202: { description: 'On disk', content: { 'application/json': { schema: Accepted } } },
    ...problemResponses(401, 404, 413, 415, 422, 429, 503),
  },
});

/** The event in the body, or the 422 that says what is wrong with it. */
function parse(body: Buffer): IngestEvent {
  const parsed = IngestEvent.safeParse(jsonOf(body));
  if (!parsed.success) throw invalidFields(parsed.error);
  return parsed.data;
}

/** `POST /v1/businesses/{businessId}/events`: the way in for whatever happens at the sender's. */
export function ingestRoutes(deps: AppDeps) {
  const { store, clock, config, log } = deps;
  const countForgery = limitForgeries(config.trustProxy);
  const secrets = cachedSecrets(store, clock);
  const routes = newRoutes();
  routes.openAPIRegistry.registerPath(described);

  const cannotStore = (error: unknown): never => {
    // An unusable store was logged once, when it was found.
    log[error instanceof StoreUnusable ? 'debug' : 'error'](describeError(error), 'an event could not be stored');
    throw new HttpProblem(503, 'Could not be stored; please send it again.', {
      headers: { 'Retry-After': String(RETRY_AFTER_S) },
    });
  };

  routes.post('/v1/businesses/:businessId/events', async (c) => {
    const { businessId } = c.req.param();
    const known = await secrets.of(businessId).catch(cannotStore);
    if (known.length === 0) throw notFoundProblem('There is no such business.');
    const body = Buffer.from(await c.req.arrayBuffer());
    const eventId = c.req.header('webhook-id');
    const headers = {
      'webhook-id': eventId,
      'webhook-timestamp': c.req.header('webhook-timestamp'),
      'webhook-signature': c.req.header('webhook-signature'),
    };
    const isRight =
      isSigned(body, headers, known) || isSigned(body, headers, await secrets.refresh(businessId).catch(cannotStore));
    if (!eventId || !isRight) {
      await countForgery(c);
      throw new HttpProblem(401, 'The signature is missing, wrong, or more than 5 minutes old or ahead.');
    }
    if (!/^(identity)?$/i.test(c.req.header('content-encoding') ?? '')) {
      throw new HttpProblem(415, 'The body must not be compressed.');
    }
    if (!EVENT_ID.test(eventId)) throw invalid('webhook-id', 'must be 1 to 128 printable characters');
    const event = parse(body);
    const ingested = await ingest(deps, businessId, eventId, event).catch(cannotStore);
    if (ingested.outcome === 'refused') throw invalid(ingested.field, ingested.message);
    return c.json({ duplicate: ingested.outcome === 'duplicate' }, 202);
  });
  return routes;
}
