import type { Chrome } from './browser.ts';
import { readCode } from './mailbox.ts';
import type { Server } from './server.ts';
import { waitFor } from './wait-for.ts';

/** Signs in on the welcome page, which the extension opens when it is installed. */
export async function signInOnWelcomePage(chrome: Chrome, server: Server, email: string): Promise<void> {
  const page = await waitFor('the welcome page opens by itself', () => chrome.pagesAt(chrome.page('welcome.html'))[0]);
  await page.bringToFront();
  await page.getByRole('button', { name: 'Use another server' }).click();
  await page.getByLabel('Server', { exact: true }).fill(server.url);
  await page.getByLabel('Work email').fill(email);
  const since = Date.now();
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('6-digit code').fill(await readCode(server, email, since));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Send a test notification' }).waitFor();
  await page.close();
}
