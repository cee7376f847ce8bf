import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { type AgentSession, startSession } from '../support/agent-session.ts';
import { ANA, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';
import { waitFor } from '../support/wait-for.ts';

describe.skipIf(!inject('programs'))('one sign-in for extension and inbox', () => {
  let fixture: BusinessFixture;
  let ana: AgentSession;

  beforeAll(async () => {
    fixture = await openBusiness();
  });
  // A profile of its own: no cookie is in it.
  beforeEach(async () => {
    ana = await startSession(fixture, ANA);
    await ana.tidyUp();
  });
  afterEach(() => ana?.close());
  afterAll(() => fixture?.close());

  const inboxPage = (path: string) =>
    waitFor(`the inbox is open at ${path}`, () => ana.chrome.pagesAt(`${fixture.server.url}${path}`)[0]);

  test('a click on a toast shows the chat without a second sign-in, and only then is it read', async () => {
    const chat = beginChat(fixture.business, 'Jana Wolf');
    await chat.says('Is my bike ready?');
    const toast = await ana.desktop.nextToast();
    expect(await ana.badge()).toBe('1');
    toast.click();
    await ana.hasOpen(chat.id);
    const page = await inboxPage(`/inbox/${chat.id}`);
    await page.getByRole('heading', { name: 'Jana Wolf' }).waitFor();
    await page.getByText('Is my bike ready?').last().waitFor();
    expect(page.url()).toBe(`${fixture.server.url}/inbox/${chat.id}`);
    expect(await page.evaluate(() => document.referrer)).toBe('');
    await ana.bellShows(chat.id, ({ state }) => state === 'read');
    await expect.poll(() => ana.badge()).toBe('');
  });

  test('a chat that nobody could see stays unread: the inbox tab asks to sign in', async () => {
    const chat = beginChat(fixture.business, 'Kim Park');
    await chat.says('Hello');
    const toast = await ana.desktop.nextToast();
    // A tab that is at the conversation already is only brought to the front, and here nobody is signed in.
    const page = await ana.chrome.open(`${fixture.server.url}/inbox/${chat.id}`);
    await page.getByLabel('Your work email').waitFor();
    await ana.chrome.open('about:blank');
    toast.click();
    await ana.hasOpen(chat.id);
    await ana.caughtUp();
    expect(await ana.badge()).toBe('1');
  });

  test('a sign-out in the extension ends it in the inbox too', async () => {
    const popup = await ana.chrome.open(ana.chrome.page('popup.html'));
    await popup.getByRole('button', { name: 'Open inbox' }).click();
    const page = await inboxPage('/inbox');
    await page.getByRole('navigation', { name: 'Views' }).waitFor();
    await page.bringToFront();
    const settings = await ana.chrome.open(ana.chrome.page('popup.html'));
    await settings.getByRole('button', { name: ANA.name }).click();
    await settings.getByRole('button', { name: 'Sign out' }).click();
    await page.bringToFront();
    await page.getByLabel('Your work email').waitFor();
  });
});
