/** The plain pages that the server makes itself: unsubscribing, the demo's mailbox. They need no script. */
import { readFileSync } from 'node:fs';
import { html } from 'hono/html';
import { packageFile, serverFile } from '../../files.ts';
import { newRoutes } from '../problem.ts';
import { answerFixed, fixed } from './fixed.ts';

type Html = ReturnType<typeof html>;

const tokens = readFileSync(packageFile('@converso/shared/ui/tokens.css'), 'utf8');
const own = readFileSync(serverFile('src/http/pages/page.css'), 'utf8');

/** A whole page in the family look. `head` takes further elements of the head. */
export const page = (title: string, body: Html, head: Html | string = '') => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<link rel="stylesheet" href="/page.css">
${head}
</head>
<body>
${body}
</body>
</html>
`;

/** The stylesheet of those pages, a file of its own because they allow no inline styles. */
export function pageStyleRoutes() {
  const app = newRoutes();
  const style = fixed(`${tokens}\n${own}`);
  app.get('/page.css', (c) =>
    answerFixed(c, style, { 'Content-Type': 'text/css; charset=utf-8', 'Cache-Control': 'max-age=300' }),
  );
  return app;
}
