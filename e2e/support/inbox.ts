import type { Page } from 'playwright-core';
import { readCode } from './mailbox.ts';
import type { Server } from './server.ts';

/** Signs in on the built-in inbox's own page, which must be open; the page's address stays. */
export async function signInToInbox(page: Page, server: Server, email: string): Promise<void> {
  await page.getByLabel('Your work email').fill(email);
  const since = Date.now();
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('The six digits of the email').fill(await readCode(server, email, since));
  await page.getByRole('navigation', { name: 'Views' }).waitFor();
}
