import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AgentSession, startSession } from '../support/agent-session.ts';
import { ANA, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';
import type { Device } from '../support/device.ts';
import { connectDevice } from '../support/sign-in.ts';

describe.skipIf(!inject('programs'))('the switch "Enable message notifications"', () => {
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

  test('turned off in the popup ends toasts but not the bell, and turned on again brings them back', async () => {
    const popup = await ana.chrome.open(ana.chrome.page('popup.html'));
    await popup.getByRole('button', { name: ANA.name }).click();
    const toggle = popup.getByRole('switch', { name: 'Enable message notifications' });
    const chat = beginChat(fixture.business);

    await toggle.click();
    await phone.until(({ messageNotifications }) => messageNotifications === false, 'the switch off');
    await expect.poll(async () => (await ana.bell()).me?.preferences.messageNotifications).toBe(false);
    await chat.says('While off');
    await ana.decided(chat.id, 'While off');
    expect(ana.desktop.toasts()).toEqual([]);
    expect(await ana.badge()).toBe('1');

    await toggle.click();
    await phone.until(({ messageNotifications }) => messageNotifications === true, 'the switch on');
    await expect.poll(async () => (await ana.bell()).me?.preferences.messageNotifications).toBe(true);
    await chat.says('While on');
    expect((await ana.desktop.nextToast()).text).toContain('While on');
  });

  test('turned off on another device holds here too', async () => {
    const turn = (messageNotifications: boolean) =>
      fetch(`${fixture.server.url}/v1/me/preferences`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${phone.token}` },
        body: JSON.stringify({ messageNotifications }),
      });
    const chat = beginChat(fixture.business);
    expect((await turn(false)).status).toBe(200);
    await expect.poll(async () => (await ana.bell()).me?.preferences.messageNotifications).toBe(false);
    await chat.says('Hello');
    await ana.decided(chat.id, 'Hello');
    expect(ana.desktop.toasts()).toEqual([]);
    expect((await turn(true)).status).toBe(200);
    await expect.poll(async () => (await ana.bell()).me?.preferences.messageNotifications).toBe(true);
  });
});
