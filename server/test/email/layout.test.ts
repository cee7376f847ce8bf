import { html } from 'hono/html';
import { expect, test } from 'vitest';
import { emailLayout } from '../../src/email/templates/layout.ts';

test('what customers wrote stays text', async () => {
  const evil = '<script>alert("hi")</script>';
  const page = await emailLayout({ title: evil, preheader: evil, body: html`<p>${evil}</p>`, footer: html`${evil}` });
  expect(page).not.toContain('<script>');
  expect(page.match(/&lt;script&gt;/g)).toHaveLength(4);
});
