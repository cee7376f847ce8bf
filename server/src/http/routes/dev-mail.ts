import { html } from 'hono/html';
import type { AppDeps } from '../../deps.ts';
import { readStoredEmail, readStoredEmails, type StoredEmail } from '../../email/file/stored-emails.ts';
import { loopbackOnly } from '../middleware/loopback-only.ts';
import { page } from '../pages/page.ts';
import { newRoutes, notFoundProblem } from '../problem.ts';

const NEWEST = 50;
/** Seconds after which the mailbox looks for new mail. */
const REFRESH_S = 5;

const PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";
/** A stored email is somebody else's HTML: it runs nothing, loads nothing, and may only open links in a new tab. */
const EMAIL_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

const timeOf = ({ email }: StoredEmail): string =>
  email.date === undefined
    ? ''
    : new Date(email.date).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const recipientsOf = ({ email }: StoredEmail): string => (email.to ?? []).map((to) => to.address).join(', ');

const inList = (
  stored: StoredEmail,
  open: StoredEmail,
) => html`<a href="/dev/mail?open=${stored.name}" ${stored === open ? html`aria-current="true"` : ''}>
<strong>${stored.email.subject}</strong>
<span>${recipientsOf(stored)}</span>
<span>${timeOf(stored)}</span>
</a>`;

const opened = (stored: StoredEmail) => html`<article class="email">
<header>
<h1>${stored.email.subject}</h1>
<p>To ${recipientsOf(stored)} · ${timeOf(stored)}</p>
</header>
<iframe title="The email as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="/dev/mail/${stored.name}/html"></iframe>
<details>
<summary>As plain text</summary>
<pre>${stored.email.text}</pre>
</details>
</article>`;

const mailbox = (emails: StoredEmail[], open: StoredEmail | undefined) => html`<main class="mailbox">
<header>
<h1>Mail</h1>
<p>What this server would have sent. Nothing leaves this machine.</p>
</header>
${
  open === undefined
    ? html`<p class="empty">No mail yet. Ask for a sign-in code, and it turns up here.</p>`
    : html`<nav aria-label="Emails">${emails.map((stored) => inList(stored, open))}</nav>${opened(open)}`
}
</main>`;

/** The demo's mailbox: shows the stored emails, the newest first. */
export function devMailRoutes({ config: { dataDir } }: AppDeps) {
  const app = newRoutes();
  app.use('/dev/*', loopbackOnly);

  app.get('/dev/mail', async (c) => {
    const emails = await readStoredEmails(dataDir, NEWEST);
    const wanted = c.req.query('open');
    const open = emails.find(({ name }) => name === wanted) ?? emails[0];
    // While the newest email is shown, the page waits for the next one; an email that was picked stays.
    const refresh = wanted === undefined ? html`<meta http-equiv="refresh" content="${REFRESH_S}">` : '';
    return c.html(page('Mail', mailbox(emails, open), refresh), 200, {
      'Content-Security-Policy': PAGE_POLICY,
      'Cache-Control': 'no-store',
    });
  });

  app.get('/dev/mail/:name/html', async (c) => {
    const stored = await readStoredEmail(dataDir, c.req.param('name'));
    if (stored === null) throw notFoundProblem('There is no such email.');
    return c.html(stored.email.html ?? '', 200, {
      'Content-Security-Policy': EMAIL_POLICY,
      'Cache-Control': 'no-store',
    });
  });
  return app;
}
