import { html } from 'hono/html';
import type { Email } from '../../ports/mail.ts';
import { AUTOMATIC, emailLayout } from './layout.ts';

/**
 * The email with a sign-in code. The code stands in the subject, where a phone shows it without opening the
 * email, and on a line of its own, where it can be copied.
 */
export function signInEmail(to: string, code: string, minutes: number): Omit<Email, 'idempotencyKey'> {
  const subject = `${code} is your Converso sign-in code`;
  const text = [
    'Your Converso sign-in code:',
    '',
    code,
    '',
    `It is valid for ${minutes} minutes and works once. If you asked for several, only the newest one works.`,
    '',
    'If you did not ask to sign in, ignore this email: without the code nobody gets in. Never tell the code to anyone.',
    '',
    'This mailbox is not monitored; nobody reads replies to it.',
    '',
  ].join('\n');
  const body = html`<h1 class="ink" style="margin: 0 0 8px; font-size: 20px; line-height: 1.3; color: #16171c;">Your sign-in code</h1>
<p class="ink-2" style="margin: 0 0 24px; font-size: 15px; line-height: 1.45; color: #4b4f5b;">Enter it where you asked for it. It is valid for ${minutes} minutes and works once.</p>
<p class="sunken ink" style="margin: 0 0 24px; padding: 16px; border-radius: 10px; background: #eeeff4; font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 32px; font-weight: 600; letter-spacing: 8px; text-align: center; color: #16171c;">${code}</p>
<p class="ink-2" style="margin: 0; font-size: 14px; line-height: 1.45; color: #4b4f5b;">If you asked for several, only the newest one works. If you did not ask to sign in, ignore this email: without the code nobody gets in. Never tell the code to anyone.</p>`;
  const footer = html`This mailbox is not monitored; nobody reads replies to it.`;
  const page = emailLayout({ title: subject, preheader: `Valid for ${minutes} minutes.`, body, footer });
  return { to, subject, text, html: page, headers: AUTOMATIC };
}
