import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AgentSession, startSession } from '../support/agent-session.ts';
import { ANA, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';
import type { Device } from '../support/device.ts';
import { about, connectDevice } from '../support/sign-in.ts';

describe.skipIf(!inject('programs'))('a message of a customer', () => {
  let fixture: BusinessFixture;
  let ana: AgentSession;
  let phone: Device;

  beforeAll(async () => {
    fixture = await openBusiness();
    ana = await startSession(fixture, ANA);
    phone = await connectDevice(fixture.server, ANA.email);
  });
  afterEach(() => ana.tidyUp());
  afterAll(async () => {
    phone?.close();
    await ana?.close();
    await fixture?.close();
  });

  const inboxAt = (chatId = '') => `${fixture.server.url}/inbox${chatId && `/${chatId}`}`;

  test('becomes a toast that says who wrote, what, where and why the agent is told', async () => {
    const chat = beginChat(fixture.business, 'Carla Ruiz');
    await chat.says('Is the blue one <still> available & in stock?');
    const toast = await ana.desktop.nextToast();
    expect(toast).toMatchObject({
      title: 'Carla Ruiz',
      text: 'Is the blue one <still> available & in stock?',
      buttons: ['Open', 'Take'],
      sticky: false,
    });
    expect(toast.context).toMatch(/^WhatsApp · Sales · /);
    expect(toast.iconBytes).toBeGreaterThan(0);
  });

  test('is counted by badge, bell and other device alike', async () => {
    const one = beginChat(fixture.business);
    const other = beginChat(fixture.business);
    await one.says('First');
    await other.says('Second');
    await other.says('Third');
    await phone.until(() => about(phone, other.id)?.message?.text === 'Third', 'the third message');
    await ana.bellShows(other.id, ({ messageCount }) => messageCount === 2);
    await expect.poll(() => ana.badge()).toBe('2');
    expect((await ana.bell()).unread).toBe(2);
    expect(phone.unread).toBe(2);
  });

  test('opens its conversation in a new tab when the toast is clicked and no inbox is open', async () => {
    const chat = beginChat(fixture.business);
    await chat.says('Hello');
    (await ana.desktop.nextToast()).click();
    await expect.poll(() => ana.chrome.pagesAt(inboxAt(chat.id))).toHaveLength(1);
    await expect.poll(() => ana.badge()).toBe('');
    expect((await ana.bellShows(chat.id)).state).toBe('read');
    await phone.until(({ unread }) => about(phone, chat.id)?.state === 'read' && unread === 0, 'it as read');
  });

  test('opens in the inbox tab that is there, which comes to the front', async () => {
    const chat = beginChat(fixture.business);
    const inbox = await ana.chrome.open(inboxAt());
    const elsewhere = await ana.chrome.open('about:blank');
    await elsewhere.bringToFront();
    const tabsBefore = ana.chrome.context.pages().length;
    await chat.says('Hello');
    (await ana.desktop.nextToast()).click();
    await inbox.waitForURL(inboxAt(chat.id));
    await expect.poll(async () => (await ana.chrome.activeTab()).url).toBe(inboxAt(chat.id));
    expect(ana.chrome.context.pages()).toHaveLength(tabsBefore);
  });

  test('only brings a tab to the front that shows the conversation already', async () => {
    const chat = beginChat(fixture.business);
    const inbox = await ana.chrome.open(inboxAt(chat.id));
    await inbox.evaluate(() => document.body.setAttribute('data-draft', 'kept'));
    await (await ana.chrome.open('about:blank')).bringToFront();
    await chat.says('Hello');
    (await ana.desktop.nextToast()).click();
    await expect.poll(async () => (await ana.chrome.activeTab()).url).toBe(inboxAt(chat.id));
    expect(await inbox.evaluate(() => document.body.getAttribute('data-draft'))).toBe('kept');
  });

  test('brings back the window that was minimised', async () => {
    const chat = beginChat(fixture.business);
    await ana.chrome.minimiseWindow();
    expect(await ana.chrome.windowState()).toBe('minimized');
    await chat.says('Hello');
    (await ana.desktop.nextToast()).click();
    await expect.poll(() => ana.chrome.windowState()).toBe('normal');
    await expect.poll(async () => (await ana.chrome.activeTab()).url).toBe(inboxAt(chat.id));
  });

  test('opens its conversation also after the worker was stopped', async () => {
    const chat = beginChat(fixture.business);
    await chat.says('Hello');
    const toast = await ana.desktop.nextToast();
    await ana.chrome.stopWorker();
    toast.click();
    await expect.poll(() => ana.chrome.pagesAt(inboxAt(chat.id))).toHaveLength(1);
    await phone.until(() => about(phone, chat.id)?.state === 'read', 'it as read');
    await expect.poll(() => ana.badge()).toBe('');
  });

  test('leaves the screen when it is read on another device', async () => {
    const chat = beginChat(fixture.business);
    await chat.says('Hello');
    const toast = await ana.desktop.nextToast();
    const answer = await fetch(`${fixture.server.url}/v1/conversations/${chat.id}/read`, {
      method: 'POST',
      headers: { authorization: `Bearer ${phone.token}` },
    });
    expect(answer.status).toBe(200);
    await toast.withdrawn();
    await expect.poll(() => ana.badge()).toBe('');
  });

  test('only changes the toast that is there when the customer goes on at once', async () => {
    const chat = beginChat(fixture.business);
    await chat.says('Hello');
    const toast = await ana.desktop.nextToast();
    await chat.says('Are you there?');
    await toast.becomes(({ text }) => text.includes('Are you there?'));
    expect(ana.desktop.toasts()).toEqual([toast]);
  });
});
