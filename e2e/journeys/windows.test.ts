import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AgentSession, startSession } from '../support/agent-session.ts';
import { ANA, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';

describe.skipIf(!inject('programs'))('an agent with several windows', () => {
  let fixture: BusinessFixture;
  let ana: AgentSession;

  beforeAll(async () => {
    fixture = await openBusiness();
    ana = await startSession(fixture, ANA, { privateWindows: true });
  });
  afterEach(() => ana.tidyUp());
  afterAll(async () => {
    await ana?.close();
    await fixture?.close();
  });

  const inboxAt = (chatId = '') => `${fixture.server.url}/inbox${chatId && `/${chatId}`}`;

  test('and several inbox tabs in them sees one toast, and a click reuses the nearest of them', async () => {
    await ana.chrome.open(inboxAt());
    await ana.chrome.open('about:blank');
    await ana.chrome.openWindow([inboxAt(), inboxAt(), 'about:blank']);
    const tabsBefore = (await ana.chrome.tabsAt()).length;
    const chat = beginChat(fixture.business, 'Ida Falk');
    await chat.says('Hello');
    const toast = await ana.desktop.nextToast();
    await ana.decided(chat.id, 'Hello');
    expect(ana.desktop.shownCount(({ title }) => title === 'Ida Falk')).toBe(1);

    toast.click();
    await expect.poll(async () => (await ana.chrome.activeTab()).url).toBe(inboxAt(chat.id));
    expect(await ana.chrome.tabsAt()).toHaveLength(tabsBefore);
    expect(await ana.chrome.tabsAt(inboxAt(chat.id))).toHaveLength(1);
  });

  test('sees no toast while the inbox is in front in a private one', async () => {
    await ana.chrome.openWindow([inboxAt()], { incognito: true });
    const chat = beginChat(fixture.business);
    await chat.says('Hello');
    await ana.decided(chat.id, 'Hello');
    expect(ana.desktop.toasts()).toEqual([]);
    expect(await ana.badge()).toBe('1');
  });

  test('sees one toast while a private one shows something else, and a click reuses its inbox tab', async () => {
    await ana.chrome.openWindow([inboxAt(), 'about:blank'], { incognito: true });
    const tabsBefore = (await ana.chrome.tabsAt()).length;
    const chat = beginChat(fixture.business, 'Jon Beck');
    await chat.says('Hello');
    const toast = await ana.desktop.nextToast();
    await ana.decided(chat.id, 'Hello');
    expect(ana.desktop.shownCount(({ title }) => title === 'Jon Beck')).toBe(1);

    toast.click();
    await expect.poll(async () => (await ana.chrome.activeTab()).url).toBe(inboxAt(chat.id));
    expect(await ana.chrome.activeTab()).toMatchObject({ incognito: true });
    expect(await ana.chrome.tabsAt()).toHaveLength(tabsBefore);
  });

  test('is not led into a private one, where nobody is signed in, when no inbox is open', async () => {
    await ana.chrome.openWindow(['about:blank'], { incognito: true });
    const chat = beginChat(fixture.business);
    await chat.says('Hello');
    (await ana.desktop.nextToast()).click();
    await expect.poll(() => ana.chrome.tabsAt(inboxAt(chat.id))).toMatchObject([{ incognito: false, active: true }]);
  });

  test('and the popup open over the inbox is there, over another page is not', async () => {
    const inbox = await ana.chrome.open(inboxAt());
    await inbox.bringToFront();
    await ana.chrome.openPopup();
    const chat = beginChat(fixture.business);
    await chat.says('One');
    await ana.decided(chat.id, 'One');
    expect(ana.desktop.toasts()).toEqual([]);

    await ana.chrome.open('about:blank');
    await ana.chrome.openPopup();
    await chat.says('Two');
    expect((await ana.desktop.nextToast()).text).toBe('Two');
  });
});
