import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppDeps, AppEnv } from './deps.ts';
import { jsonOnly, limitBody } from './http/limits.ts';
import { observe } from './http/observe.ts';
import { newRoutes, onError, onNotFound } from './http/problem.ts';

/** Every resource's routes, each a function of the dependencies. The first that matches a path answers. */
const RESOURCES: ((deps: AppDeps) => OpenAPIHono<AppEnv>)[] = [];

/** The whole HTTP side of the server. Makes no connection and reads no environment: all it uses is in `deps`. */
export function createApp(deps: AppDeps): OpenAPIHono<AppEnv> {
  const app = newRoutes();
  app.onError(onError(deps.log));
  app.notFound(onNotFound(app));
  app.use(observe(deps));
  app.use('/v1/*', limitBody, jsonOnly);
  for (const routes of RESOURCES) app.route('/', routes(deps));
  return app;
}
