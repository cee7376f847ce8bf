import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bell } from '@converso/extension/state.ts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Chrome, startChrome } from '../support/browser.ts';
import { ANA, BEN, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';
import { type Desktop, startDesktop } from '../support/notification-daemon.ts';
import { signInOnWelcomePage } from '../support/welcome.ts';

const programs = inject('programs');

describe.skipIf(!programs)('an agent who went home and comes back', () => {
  let profile: string;
  let fixture: BusinessFixture;
  let desktop: Desktop;
  let chrome: Chrome | undefined;

  const openBrowser = () =>
    startChrome({
      executable: programs!.chromium,
      extension: inject('extension'),
      busAddress: desktop.busAddress,
      profile,
    });

  beforeAll(async () => {
    profile = mkdtempSync(join(tmpdir(), 'converso-profile-'));
    fixture = await openBusiness();
    desktop = await startDesktop({ dbusDaemon: programs!.dbusDaemon });
    chrome = await openBrowser();
    await signInOnWelcomePage(chrome, fixture.server, ANA.email);
  });
  afterAll(async () => {
    await chrome?.close();
    await desktop?.close();
    await fixture?.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });

  test('finds one summary of what waits still, and nothing of what was told, read or settled', async () => {
    const handover = beginChat(fixture.business, 'Zoe, before');
    await handover.assistantTakes();
    await handover.says('I want a person');
    await handover.assistantGivesUp();
    await desktop.nextToast(({ sticky }) => sticky);
    const told = beginChat(fixture.business, 'Told before');
    await told.says('Hello');
    await desktop.nextToast(({ title }) => title === 'Told before');
    // The worker notes that a notification was shown after its toast; a browser that ends in between shows it again.
    const badge = () => chrome!.inWorker(() => globalThis.chrome.action.getBadgeText({}), null);
    const acknowledged = () =>
      chrome!.inWorker(async () => {
        const { bell } = (await globalThis.chrome.storage.local.get('bell')) as { bell: Bell };
        return bell.items.every(({ conversation, alertedSeq }) => (bell.handled[conversation.id] ?? 0) >= alertedSeq);
      }, null);
    await expect.poll(acknowledged).toBe(true);
    expect(await badge()).toBe('2');

    await chrome?.close();
    chrome = undefined;
    const missed = ['Missed 1', 'Missed 2', 'Missed 3', 'Settled meanwhile'].map((name) =>
      beginChat(fixture.business, name),
    );
    for (const chat of missed) await chat.says('Is anybody there?');
    await missed.at(-1)!.close(BEN.id);
    const shownBefore = desktop.shownCount();

    chrome = await openBrowser();
    // The handover, whose toast went with the browser, and the three that were missed.
    const summary = await desktop.nextToast(({ title }) => /waiting/.test(title));
    expect(summary).toMatchObject({ title: expect.stringMatching(/^4 chats are waiting/), sticky: true });
    await expect.poll(badge).toBe('5');
    expect(desktop.shownCount() - shownBefore).toBe(1);

    summary.click();
    await expect.poll(async () => (await chrome!.activeTab()).url).toBe(`${fixture.server.url}/inbox`);
    expect(await badge()).toBe('5');
  });
});
