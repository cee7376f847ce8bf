import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppDeps, AppEnv } from './deps.ts';
import { jsonOnly, limitBody, OPEN_BODY_LIMIT } from './http/middleware/limits.ts';
import { requestLogger } from './http/middleware/request-logger.ts';
import { pageRoutes, securityHeaders } from './http/pages/inbox-pages.ts';
import { pageStyleRoutes } from './http/pages/page.ts';
import { newRoutes, onError, onNotFound } from './http/problem.ts';
import { authRoutes } from './http/routes/auth.ts';
import { conversationRoutes } from './http/routes/conversations.ts';
import { demoRoutes } from './http/routes/demo.ts';
import { devMailRoutes } from './http/routes/dev-mail.ts';
import { docsRoutes } from './http/routes/docs.ts';
import { healthRoutes } from './http/routes/health.ts';
import { ingestRoutes } from './http/routes/ingest.ts';
import { meRoutes } from './http/routes/me.ts';
import { metricsRoutes } from './http/routes/metrics.ts';
import { notificationRoutes } from './http/routes/notifications.ts';
import { resendWebhookRoutes } from './http/routes/resend-webhooks.ts';
import { sourceRoutes } from './http/routes/sources.ts';
import { streamRoutes } from './http/routes/stream.ts';
import { unsubscribeRoutes } from './http/routes/unsubscribe.ts';

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
  app.use(requestLogger(deps), securityHeaders(deps.config));
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
