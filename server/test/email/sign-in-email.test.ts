import { expect, test } from 'vitest';
import { signInEmail } from '../../src/email/templates/sign-in-email.ts';

const email = await signInEmail('ana@acme.example', '048213', 5);

test('the code stands first in the subject, and on a line of its own', () => {
  expect(email.subject).toMatch(/^048213 /);
  expect(email.text.split('\n')).toContain('048213');
  expect(email.text.match(/\d{6}/g)).toEqual(['048213']);
});

test.each([
  ['how long it holds', /valid for 5 minutes/],
  ['what to do if it was not you', /did not ask.*ignore/i],
  ['that nobody reads replies', /not monitored/],
])('both bodies say %s', (_, words) => {
  expect(email.text).toMatch(words);
  expect(email.html).toMatch(words);
});

test('the HTML is light and dark, and loads nothing from anywhere', () => {
  expect(email.html).toContain('prefers-color-scheme: dark');
  expect(email.html).toContain('>048213<');
  expect(email.html).not.toMatch(/https?:|src=|url\(/);
});

test('no autoresponder answers it', () => {
  expect(email.headers).toMatchObject({ 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' });
});
