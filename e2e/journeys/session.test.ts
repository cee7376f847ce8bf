import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AgentSession, startSession } from '../support/agent-session.ts';
import { ANA, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';

describe.skipIf(!inject('programs'))('an agent’s session', () => {
  let fixture: BusinessFixture;
  let ana: AgentSession | undefined;

  beforeAll(async () => {
    fixture = await openBusiness();
  });
  afterEach(async () => {
    await ana?.close();
    ana = undefined;
  });
  afterAll(() => fixture?.close());

  test('begins with one summary of the chats that wait, not with a toast for each', async () => {
    const chats = Array.from({ length: 5 }, () => beginChat(fixture.business));
    for (const chat of chats) await chat.says('Is anybody there?');
    ana = await startSession(fixture, ANA);
    const summary = await ana.desktop.nextToast();
    expect(summary.title).toMatch(/^5 chats are waiting/);
    expect(await ana.badge()).toBe('5');
    expect(ana.desktop.toasts()).toEqual([summary]);
    expect(ana.desktop.shownCount()).toBe(1);

    summary.click();
    const inbox = `${fixture.server.url}/inbox`;
    await expect.poll(async () => (await ana?.chrome.activeTab())?.url).toBe(inbox);
  });

  test('shows a real toast for "Send a test notification"', async () => {
    ana = await startSession(fixture, ANA);
    await ana.tidyUp();
    const popup = await ana.chrome.open(ana.chrome.page('popup.html'));
    await popup.getByRole('button', { name: ANA.name }).click();
    await popup.getByRole('button', { name: 'Send a test notification' }).click();
    expect((await ana.desktop.nextToast()).title).toBe('It works');
  });

  test('that is ended by the operator leaves one sticky toast and nothing else', async () => {
    ana = await startSession(fixture, ANA);
    await ana.tidyUp();
    await beginChat(fixture.business).says('Hello');
    const toast = await ana.desktop.nextToast();
    await fixture.server.cli('agent', 'sign-out', '--business', fixture.business.id, '--id', ANA.id);
    const told = await ana.desktop.nextToast(({ title }) => title === 'You are signed out of Converso', 60_000);
    expect(told.sticky).toBe(true);
    await toast.withdrawn();
    expect(ana.desktop.toasts()).toEqual([told]);
    expect(await ana.badge()).toBe('!');
    const stored = await ana.chrome.inWorker(() => globalThis.chrome.storage.local.get(['account', 'bell']), null);
    expect(stored.account).toBeUndefined();
    expect(stored.bell).toMatchObject({ cursor: null, items: [], unread: 0 });
  }, 90_000);
});
