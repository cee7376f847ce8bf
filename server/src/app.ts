import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppDeps, AppEnv } from './deps.ts';
import { authRoutes } from './http/auth.ts';
import { conversationRoutes } from './http/conversations.ts';
import { demoRoutes } from './http/demo.ts';
import { devMailRoutes } from './http/dev-mail.ts';
import { docsRoutes } from './http/docs.ts';
import { healthRoutes } from './http/health.ts';
import { ingestRoutes } from './http/ingest.ts';
import { jsonOnly, limitBody, OPEN_BODY_LIMIT } from './http/limits.ts';
import { meRoutes } from './http/me.ts';
import { metricsRoutes } from './http/metrics.ts';
import { notificationRoutes } from './http/notifications.ts';
import { observe } from './http/observe.ts';
import { pageStyleRoutes } from './http/page.ts';
import { pageRoutes, securityHeaders } from './http/pages.ts';
import { newRoutes, onError, onNotFound } from './http/problem.ts';
import { resendWebhookRoutes } from './http/resend-webhooks.ts';
import { sourceRoutes } from './http/sources.ts';
import { streamRoutes } from './http/stream.ts';
import { unsubscribeRoutes } from './http/unsubscribe.ts';

/** Every resource's routes, each a function of the dependencies. The first that matches a path answers. */
const RESOURCES: ((deps: AppDeps) => OpenAPIHono<AppEnv>)[] = [
  ingestRoutes,
  authRoutes,
  meRoutes,
  notificationRoutes,
  conversationRoutes,
  streamRoutes,
  unsubscribeRoutes,
  resendWebhookRoutes,
  healthRoutes,
  metricsRoutes,
  pageStyleRoutes,
];

/** Only with `DEMO=1`. */
const DEMO_RESOURCES: typeof RESOURCES = [demoRoutes, devMailRoutes];

/** The whole HTTP side of the server. Makes no connection and reads no environment: all it uses is in `deps`. */
export function createApp(deps: AppDeps): OpenAPIHono<AppEnv> {
  const app = newRoutes();
  app.onError(onError(deps.log));
  app.notFound(onNotFound(app));
  app.use(observe(deps), securityHeaders(deps.config));
  // Foreign systems have limits and types of their own.
  app.route('/', sourceRoutes(deps));
  app.use('/v1/auth/*', limitBody(OPEN_BODY_LIMIT));
  app.use('/v1/*', limitBody(), jsonOnly);
  for (const routes of RESOURCES) app.route('/', routes(deps));
  if (deps.config.demo) for (const routes of DEMO_RESOURCES) app.route('/', routes(deps));
  app.route('/', docsRoutes(deps, app));
  app.route('/', pageRoutes());
  return app;
}
