import { html } from 'hono/html';
import type { AppDeps } from '../../deps.ts';
import { type Letter, readLetter, readLetters } from '../../email/file/stored-emails.ts';
import { loopbackOnly } from '../middleware/loopback-only.ts';
import { page } from '../pages/page.ts';
import { newRoutes, notFoundProblem } from '../problem.ts';

const NEWEST = 50;
/** Seconds after which the mailbox looks for new mail. */
const REFRESH_S = 5;

const PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";
/** A letter is somebody else's HTML: it runs nothing, loads nothing, and may only open links in a new tab. */
const LETTER_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

const timeOf = ({ email }: Letter): string =>
  email.date === undefined
    ? ''
    : new Date(email.date).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const recipientsOf = ({ email }: Letter): string => (email.to ?? []).map((to) => to.address).join(', ');

const inList = (
  letter: Letter,
  open: Letter,
) => html`<a href="/dev/mail?open=${letter.name}" ${letter === open ? html`aria-current="true"` : ''}>
<strong>${letter.email.subject}</strong>
<span>${recipientsOf(letter)}</span>
<span>${timeOf(letter)}</span>
</a>`;

const opened = (letter: Letter) => html`<article class="letter">
<header>
<h1>${letter.email.subject}</h1>
<p>To ${recipientsOf(letter)} · ${timeOf(letter)}</p>
</header>
<iframe title="The letter as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/dev/mail/${letter.name}/html"></iframe>
<details>
<summary>As plain text</summary>
<pre>${letter.email.text}</pre>
</details>
</article>`;

const mailbox = (letters: Letter[], open: Letter | undefined) => html`<main class="mailbox">
<header>
<h1>Mail</h1>
<p>What this server would have sent. Nothing leaves this machine.</p>
</header>
${
  open === undefined
    ? html`<p class="empty">No mail yet. Ask for a sign-in code, and it turns up here.</p>`
    : html`<nav aria-label="Letters">${letters.map((letter) => inList(letter, open))}</nav>${opened(open)}`
}
</main>`;

/** The demo's mailbox: reads the outbox folder and shows the letters, the newest first. */
export function devMailRoutes({ config: { dataDir } }: AppDeps) {
  const app = newRoutes();
  app.use('/dev/*', loopbackOnly);

  app.get('/dev/mail', async (c) => {
    const letters = await readLetters(dataDir, NEWEST);
    const wanted = c.req.query('open');
    const open = letters.find(({ name }) => name === wanted) ?? letters[0];
    // While the newest letter is shown, the next one is awaited; one that was picked stays.
    const refresh = wanted === undefined ? html`<meta http-equiv="refresh" content="${REFRESH_S}">` : '';
    return c.html(page('Mail', mailbox(letters, open), refresh), 200, {
      'Content-Security-Policy': PAGE_POLICY,
      'Cache-Control': 'no-store',
    });
  });

  app.get('/dev/mail/:name/html', async (c) => {
    const letter = await readLetter(dataDir, c.req.param('name'));
    if (letter === null) throw notFoundProblem('There is no such letter.');
    return c.html(letter.email.html ?? '', 200, {
      'Content-Security-Policy': LETTER_POLICY,
      'Cache-Control': 'no-store',
    });
  });
  return app;
}
