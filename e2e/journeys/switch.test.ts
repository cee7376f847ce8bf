import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AtWork, startWork } from '../support/agent-session.ts';
import { ANA, openShop, type Shop } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';
import { connectDevice, type OtherDevice } from '../support/other-device.ts';

describe.skipIf(!inject('programs'))('the switch "Enable message notifications"', () => {
  let shop: Shop;
  let ana: AtWork;
  let phone: OtherDevice;

  beforeAll(async () => {
    shop = await openShop();
    ana = await startWork(shop, ANA);
    phone = await connectDevice(shop.server, ANA.email);
  });
  afterEach(() => ana.tidyUp());
  afterAll(async () => {
    phone?.close();
    await ana?.close();
    await shop?.close();
  });

  test('turned off in the popup ends toasts but not the bell, and turned on again brings them back', async () => {
    const popup = await ana.chrome.open(ana.chrome.page('popup.html'));
    await popup.getByRole('button', { name: ANA.name }).click();
    const toggle = popup.getByRole('switch', { name: 'Enable message notifications' });
    const chat = beginChat(shop.business);

    await toggle.click();
    await phone.shows('the switch off', ({ messageNotifications }) => messageNotifications === false);
    await expect.poll(async () => (await ana.bell()).me?.preferences.messageNotifications).toBe(false);
    await chat.says('While off');
    await ana.decided(chat.id, 'While off');
    expect(ana.desktop.toasts()).toEqual([]);
    expect(await ana.badge()).toBe('1');

    await toggle.click();
    await phone.shows('the switch on', ({ messageNotifications }) => messageNotifications === true);
    await expect.poll(async () => (await ana.bell()).me?.preferences.messageNotifications).toBe(true);
    await chat.says('While on');
    expect((await ana.desktop.nextToast()).text).toContain('While on');
  });

  test('turned off on another device holds here too', async () => {
    const turn = (messageNotifications: boolean) =>
      fetch(`${shop.server.url}/v1/me/preferences`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${phone.token}` },
        body: JSON.stringify({ messageNotifications }),
      });
    const chat = beginChat(shop.business);
    expect((await turn(false)).status).toBe(200);
    await expect.poll(async () => (await ana.bell()).me?.preferences.messageNotifications).toBe(false);
    await chat.says('Hello');
    await ana.decided(chat.id, 'Hello');
    expect(ana.desktop.toasts()).toEqual([]);
    expect((await turn(true)).status).toBe(200);
    await expect.poll(async () => (await ana.bell()).me?.preferences.messageNotifications).toBe(true);
  });
});
