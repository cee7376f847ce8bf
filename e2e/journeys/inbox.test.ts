import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AgentSession, startSession } from '../support/agent-session.ts';
import { ANA, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';
import { signInToInbox } from '../support/inbox.ts';

describe.skipIf(!inject('programs'))('the built-in inbox beside the extension', () => {
  let fixture: BusinessFixture;
  let ana: AgentSession;
  let inbox: Page;
  let elsewhere: Page;

  beforeAll(async () => {
    fixture = await openBusiness();
    ana = await startSession(fixture, ANA);
    await ana.tidyUp();
    inbox = await ana.chrome.open(`${fixture.server.url}/inbox`);
    await signInToInbox(inbox, fixture.server, ANA.email);
    elsewhere = await ana.chrome.open('about:blank');
  });
  afterAll(async () => {
    await ana?.close();
    await fixture?.close();
  });

  test('reads a notification when its conversation is opened there by hand', async () => {
    const chat = beginChat(fixture.business, 'Eva Lind');
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
    const chat = beginChat(fixture.business, 'Finn Berg');
    await inbox.bringToFront();
    await inbox.goto(`${fixture.server.url}/inbox/${chat.id}`);
    await chat.says('Hello');
    await ana.decided(chat.id, 'Hello');
    await ana.bellShows(chat.id, ({ state }) => state === 'read');
    await inbox.getByText('Hello').last().waitFor();
    expect(ana.desktop.toasts()).toEqual([]);
    await expect.poll(() => ana.badge()).toBe('');
  });

  test('counts in its bell what the badge counts', async () => {
    await inbox.goto(`${fixture.server.url}/inbox`);
    await elsewhere.bringToFront();
    await beginChat(fixture.business, 'Gina Roth').says('Hello');
    (await ana.desktop.nextToast()).dismiss();
    expect(await ana.badge()).toBe('1');
    await inbox.bringToFront();
    await inbox.getByRole('button', { name: /notifications.*1/i }).click();
    await inbox.getByRole('button', { name: 'Mark all as read' }).click();
    await expect.poll(() => ana.badge()).toBe('');
  });

  test('has the switch under the login name, and it is the same as the extension’s', async () => {
    const isOn = async () => (await ana.bell()).me?.preferences.messageNotifications;
    const chat = beginChat(fixture.business, 'Hugo Dahl');
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
