import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { AppDeps, AppEnv } from '../../deps.ts';
import { packageFile } from '../../files.ts';
import { sessionCookie } from '../middleware/authenticate.ts';
import { answerFixed, fixed, once } from '../pages/fixed.ts';
import { newRoutes, notFoundProblem } from '../problem.ts';

/** The files of Swagger UI that the page needs, and their types; nothing else of the package is served. */
const FILES: ReadonlyMap<string, string> = new Map([
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
]);

/** Swagger UI is started by a file of its own, because the page allows no inline script. */
const START = `window.ui = SwaggerUIBundle({ url: '/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });`;

/** Swagger UI draws the description itself. */
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Converso Notifications API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
  </head>
  <body>
    <div id="docs"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>`;

/** The API's description, made from the same schemas that check the requests. */
export const openApiDocument = (app: OpenAPIHono<AppEnv>, publicUrl: string) =>
  app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Converso Notifications',
      version: '1',
      description: 'Events in, notifications out. Every error under `/v1` is `application/problem+json` (RFC 9457).',
    },
    servers: [{ url: publicUrl }],
    // Unless a route says otherwise.
    security: [{ bearer: [] }, { cookie: [] }],
  });

/** `/openapi.json` and, for people, `/docs`. Describes all routes of `app` mounted before it. */
export function docsRoutes({ config }: AppDeps, described: OpenAPIHono<AppEnv>) {
  described.openAPIRegistry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer' });
  described.openAPIRegistry.registerComponent('securitySchemes', 'cookie', {
    type: 'apiKey',
    in: 'cookie',
    name: sessionCookie(config.publicUrl),
  });
  const folder = dirname(packageFile('swagger-ui-dist/package.json'));
  const app = newRoutes();
  const page = fixed(PAGE);
  const start = fixed(START);
  const files = new Map(
    [...FILES].map(([name, type]) => [
      name,
      { type, content: once(async () => fixed(await readFile(join(folder, name)))) },
    ]),
  );

  // Made at the first use, when all routes are there; a few milliseconds that no stranger may spend again and again.
  const document = once(async () => fixed(JSON.stringify(openApiDocument(described, config.publicUrl))));
  app.get('/openapi.json', async (c) =>
    answerFixed(c, await document(), { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' }),
  );

  app.get('/docs', (c) => {
    // Swagger UI sets inline styles and draws its icons from data: URLs.
    c.header(
      'Content-Security-Policy',
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    return answerFixed(c, page, { 'Content-Type': 'text/html; charset=utf-8', 'Cache-Control': 'no-cache' });
  });

  app.get('/docs/start.js', (c) =>
    answerFixed(c, start, { 'Content-Type': 'text/javascript; charset=utf-8', 'Cache-Control': 'max-age=3600' }),
  );
  app.get('/docs/:file', async (c) => {
    const file = files.get(c.req.param('file'));
    if (file === undefined) throw notFoundProblem();
    return answerFixed(c, await file.content(), { 'Content-Type': file.type, 'Cache-Control': 'max-age=3600' });
  });
  return app;
}
