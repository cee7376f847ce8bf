import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AgentSession, startSession } from '../support/agent-session.ts';
import { ANA, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';

describe.skipIf(!inject('programs'))('an agent with the inbox open', () => {
  let fixture: BusinessFixture;
  let ana: AgentSession;

  beforeAll(async () => {
    fixture = await openBusiness();
    ana = await startSession(fixture, ANA);
  });
  afterEach(async () => {
    await ana.chrome.focusWindow(true);
    await ana.tidyUp();
  });
  afterAll(async () => {
    await ana?.close();
    await fixture?.close();
  });

  const openInbox = () => ana.chrome.open(`${fixture.server.url}/inbox`);

  test('sees no toast while looking at it, but the bell rises', async () => {
    await openInbox();
    const chat = beginChat(fixture.business);
    await chat.says('Hello');
    await ana.decided(chat.id, 'Hello');
    expect(ana.desktop.toasts()).toEqual([]);
    expect(await ana.badge()).toBe('1');
  });

  test('sees a toast when another tab is in front', async () => {
    await openInbox();
    await ana.chrome.open('about:blank');
    await beginChat(fixture.business).says('Hello');
    expect((await ana.desktop.nextToast()).text).toBe('Hello');
  });

  test('sees a toast when another window is in front', async () => {
    await openInbox();
    await ana.chrome.focusWindow(false);
    await beginChat(fixture.business).says('Hello');
    expect((await ana.desktop.nextToast()).text).toBe('Hello');
  });

  test('is asked anew for every message', async () => {
    const chat = beginChat(fixture.business);
    const inbox = await openInbox();
    await chat.says('One');
    await ana.decided(chat.id, 'One');
    expect(ana.desktop.toasts()).toEqual([]);
    const elsewhere = await ana.chrome.open('about:blank');
    await chat.says('Two');
    const toast = await ana.desktop.nextToast();
    expect(toast.text).toContain('Two');
    toast.dismiss();
    await elsewhere.close();
    await inbox.bringToFront();
    await expect.poll(async () => (await ana.chrome.activeTab()).url).toBe(`${fixture.server.url}/inbox`);
    await chat.says('Three');
    await ana.decided(chat.id, 'Three');
    expect(ana.desktop.toasts()).toEqual([]);
  });
});
