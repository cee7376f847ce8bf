import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AtWork, startWork } from '../support/agent-session.ts';
import { ANA, openShop, type Shop } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';
import { signInToInbox } from '../support/inbox.ts';

describe.skipIf(!inject('programs'))('the built-in inbox beside the extension', () => {
  let shop: Shop;
  let ana: AtWork;
  let inbox: Page;
  let elsewhere: Page;

  beforeAll(async () => {
    shop = await openShop();
    ana = await startWork(shop, ANA);
    await ana.tidyUp();
    inbox = await ana.chrome.open(`${shop.server.url}/inbox`);
    await signInToInbox(inbox, shop.server, ANA.email);
    elsewhere = await ana.chrome.open('about:blank');
  });
  afterAll(async () => {
    await ana?.close();
    await shop?.close();
  });

  test('reads a notification when its conversation is opened there by hand', async () => {
    const chat = beginChat(shop.business, 'Eva Lind');
    await elsewhere.bringToFront();
    await chat.says('Hello');
    const toast = await ana.desktop.nextToast();
    await inbox.bringToFront();
    await inbox.getByRole('button', { name: 'Team' }).click();
    await inbox.getByRole('link', { name: 'Eva Lind' }).click();
    await toast.withdrawn();
    await ana.bellShows(chat.id, ({ state }) => state === 'read');
    await expect.poll(() => ana.badge()).toBe('');
  });

  test('reads a message for the conversation in view at once, without a toast', async () => {
    const chat = beginChat(shop.business, 'Finn Berg');
    await inbox.bringToFront();
    await inbox.goto(`${shop.server.url}/inbox/${chat.id}`);
    await chat.says('Hello');
    await ana.decided(chat.id, 'Hello');
    await ana.bellShows(chat.id, ({ state }) => state === 'read');
    await inbox.getByText('Hello').last().waitFor();
    expect(ana.desktop.toasts()).toEqual([]);
    await expect.poll(() => ana.badge()).toBe('');
  });

  test('counts in its bell what the badge counts', async () => {
    await inbox.goto(`${shop.server.url}/inbox`);
    await elsewhere.bringToFront();
    await beginChat(shop.business, 'Gina Roth').says('Hello');
    (await ana.desktop.nextToast()).dismiss();
    expect(await ana.badge()).toBe('1');
    await inbox.bringToFront();
    await inbox.getByRole('button', { name: /notifications.*1/i }).click();
    await inbox.getByRole('button', { name: 'Mark all as read' }).click();
    await expect.poll(() => ana.badge()).toBe('');
  });

  test('has the switch under the login name, and it is the same as the extension’s', async () => {
    const isOn = async () => (await ana.bell()).me?.preferences.messageNotifications;
    const chat = beginChat(shop.business, 'Hugo Dahl');
    await inbox.bringToFront();
    await inbox.getByRole('button', { name: 'Your settings' }).click();
    const toggle = inbox.getByRole('switch', { name: 'Enable message notifications' });
    await toggle.click();
    await expect.poll(isOn).toBe(false);
    await elsewhere.bringToFront();
    await chat.says('While off');
    await ana.decided(chat.id, 'While off');
    expect(ana.desktop.toasts()).toEqual([]);

    await inbox.bringToFront();
    await toggle.click();
    await expect.poll(isOn).toBe(true);
    await elsewhere.bringToFront();
    await chat.says('While on');
    expect((await ana.desktop.nextToast()).text).toContain('While on');
  });
});
