import type { Device } from '@converso/extension/state.ts';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AgentSession, startSession } from '../support/agent-session.ts';
import { ANA, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';
import { waitFor } from '../support/wait-for.ts';

const MINUTE = 60_000;

describe.skipIf(!inject('programs'))('an agent who wants quiet', () => {
  let fixture: BusinessFixture;
  let ana: AgentSession;

  beforeAll(async () => {
    fixture = await openBusiness();
    ana = await startSession(fixture, ANA);
  });
  afterEach(async () => {
    await ana.tidyUp();
    await ana.chrome.inWorker(async () => {
      await globalThis.chrome.alarms.clear('pause-ends');
      await globalThis.chrome.storage.local.remove('device');
    }, null);
  });
  afterAll(async () => {
    await ana?.close();
    await fixture?.close();
  });

  const settings = async (): Promise<Page> => {
    const popup = await ana.chrome.open(ana.chrome.page('popup.html'));
    await popup.getByRole('button', { name: ANA.name }).click();
    return popup;
  };
  const device = () =>
    ana.chrome.inWorker(async () => (await globalThis.chrome.storage.local.get('device')).device as Device, null);
  const pauseEnds = () =>
    ana.chrome.inWorker(async () => (await globalThis.chrome.alarms.get('pause-ends'))?.scheduledTime, null);
  const title = () => ana.chrome.inWorker(() => globalThis.chrome.action.getTitle({}), null);
  const pause = async (popup: Page, name: string): Promise<number> => {
    await popup.getByRole('button', { name }).click();
    return waitFor('the pause has begun', async () => (await device())?.pausedUntil);
  };
  /** Brings the end of the pause near, as waiting for it does; what ends it is the browser's own alarm. */
  const waitForTheEnd = () =>
    ana.chrome.inWorker(async () => {
      const { device: before } = await globalThis.chrome.storage.local.get('device');
      const pausedUntil = Date.now();
      await globalThis.chrome.storage.local.set({ device: { ...(before as Device), pausedUntil } });
      await globalThis.chrome.alarms.create('pause-ends', { when: pausedUntil });
    }, null);

  test('pauses for half an hour, and hears of all that still waits by one summary at its end', async () => {
    const popup = await settings();
    const before = Date.now();
    const end = await pause(popup, '30 min');
    expect(end - before).toBeGreaterThanOrEqual(30 * MINUTE);
    expect(end - Date.now()).toBeLessThanOrEqual(30 * MINUTE);
    await expect.poll(pauseEnds).toBe(end);
    await expect.poll(title).toBe('Converso. Notifications are paused.');
    await popup.close();

    const [one, other, done] = ['Rosa', 'Sven', 'Tara'].map((name) => beginChat(fixture.business, name));
    for (const chat of [one!, other!, done!]) await chat.says('Hello');
    await done!.close('ben');
    await ana.caughtUp();
    expect(ana.desktop.toasts()).toEqual([]);
    expect(await ana.badge()).toBe('2');

    await waitForTheEnd();
    const summary = await ana.desktop.nextToast();
    expect(summary.title).toMatch(/^2 chats are waiting, the oldest for /);
    await ana.caughtUp();
    expect(ana.desktop.toasts()).toEqual([summary]);
    expect(await title()).toBe('Converso. 2 chats are waiting for you.');
    expect((await device()).pausedUntil).toBeNull();
  });

  test('lets a handover through a pause, if so set, and ends it before its time', async () => {
    const popup = await settings();
    await popup.getByRole('switch', { name: 'Let handovers and my chats through' }).click();
    await pause(popup, 'Until tomorrow');
    const waiting = beginChat(fixture.business, 'Uma');
    await waiting.says('Hello');
    const urgent = beginChat(fixture.business, 'Vera');
    await urgent.assistantTakes();
    await urgent.says('I want a person');
    await urgent.assistantGivesUp();
    expect(await ana.desktop.nextToast()).toMatchObject({ title: 'Vera', sticky: true });
    await ana.caughtUp();
    expect(ana.desktop.toasts()).toHaveLength(1);

    await popup.getByRole('button', { name: 'Resume' }).first().click();
    expect((await ana.desktop.nextToast()).title).toBe('Uma');
    await expect.poll(pauseEnds).toBeUndefined();
  });

  test('shows on the screen no more than the preview level allows', async () => {
    const popup = await settings();
    await popup.getByText('Sender only').click();
    await waitFor('it is stored', async () => (await device()).preview === 'sender');
    await beginChat(fixture.business, 'Wim').says('My address is …');
    expect(await ana.desktop.nextToast()).toMatchObject({ title: 'Wim', text: 'New message' });
    await popup.getByText('Nothing', { exact: true }).click();
    await waitFor('it is stored', async () => (await device()).preview === 'nothing');
    await beginChat(fixture.business, 'Xenia').says('My address is …');
    expect(await ana.desktop.nextToast()).toMatchObject({ title: 'Converso', text: 'New message' });
    await popup.getByText('Full message').click();
    await waitFor('it is stored', async () => (await device()).preview === 'full');
  });

  test('learns why there was no toast, and that all is well', async () => {
    const popup = await settings();
    await pause(popup, '1 hour');
    const chat = beginChat(fixture.business, 'Yara');
    await chat.says('Hello');
    await ana.caughtUp();
    const facts = popup.getByRole('region', { name: 'Status' });
    for (const fact of ['Connected', 'Allowed']) await facts.getByText(fact, { exact: true }).waitFor();
    const [why] = await Promise.all([
      ana.chrome.context.waitForEvent('page'),
      popup.getByRole('button', { name: 'Why did I get no notification?' }).click(),
    ]);
    const newest = why.getByRole('listitem').first();
    await newest.getByText('Yara').waitFor();
    await newest.getByText('You paused notifications here').waitFor();
  });
});
