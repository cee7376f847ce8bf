import type { Context } from 'hono';
import { html } from 'hono/html';
import type { AppDeps, AppEnv } from '../../deps.ts';
import { readUnsubscribeToken } from '../../services/unsubscribe.ts';
import { limitForgeries } from '../middleware/signed-body.ts';
import { page } from '../pages/page.ts';
import { newRoutes } from '../problem.ts';

const note = (title: string, ...paragraphs: ReturnType<typeof html>[]) =>
  page(title, html`<main class="note"><h1>${title}</h1>${paragraphs}</main>`);

const badLink = () =>
  note(
    'This link does not work',
    html`<p>Please use the link in the latest email, or switch the emails off in the settings of the bell.</p>`,
  );

const question = () =>
  note(
    'Stop emails about unreplied messages?',
    html`<p>You will still see new messages in Converso and in your browser.</p>`,
    // Without an action the form comes back to this very address, token and all.
    html`<form method="post"><button>Stop these emails</button></form>`,
  );

const done = () =>
  note(
    'No more emails about unreplied messages',
    html`<p>You can switch them on again at any time in the settings of the bell.</p>`,
  );

/**
 * Where the emails' List-Unsubscribe leads. Only POST changes something (RFC 8058): mail scanners follow
 * every link with GET.
 */
export function unsubscribeRoutes({ store, wakeups, clock, config }: AppDeps) {
  const app = newRoutes();
  const countForgery = limitForgeries(config.trustProxy);
  const subscriberOf = async (c: Context<AppEnv>) => {
    const subscriber = readUnsubscribeToken(config.authSecret, c.req.query('token') ?? '');
    if (subscriber === null) await countForgery(c);
    return subscriber;
  };

  app.get('/unsubscribe', async (c) => ((await subscriberOf(c)) ? c.html(question(), 200) : c.html(badLink(), 404)));

  app.post('/unsubscribe', async (c) => {
    const subscriber = await subscriberOf(c);
    if (subscriber === null) return c.html(badLink(), 404);
    const { affected } = await store.setUnrepliedEmails(subscriber.businessId, subscriber.agentId, false, clock.now());
    wakeups.wake(affected);
    return c.html(done(), 200);
  });
  return app;
}
