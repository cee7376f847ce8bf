import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { startChrome } from '../support/browser.ts';
import { ANA, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';
import { type Desktop, startDesktop } from '../support/notification-daemon.ts';
import { startUndebuggedChrome } from '../support/undebugged.ts';
import { signInOnWelcomePage } from '../support/welcome.ts';

/** Long enough for a worker that only reads a stream to die three times over. */
const QUIET_MS = 105_000;

const programs = inject('programs');

describe.skipIf(!programs)('a browser that nobody debugs', () => {
  let profile: string;
  let fixture: BusinessFixture;
  let desktop: Desktop;
  let chrome: ReturnType<typeof startUndebuggedChrome> | undefined;

  beforeAll(async () => {
    profile = mkdtempSync(join(tmpdir(), 'converso-profile-'));
    fixture = await openBusiness();
    desktop = await startDesktop({ dbusDaemon: programs!.dbusDaemon });
    const options = {
      executable: programs!.chromium,
      extension: inject('extension'),
      busAddress: desktop.busAddress,
      profile,
    };
    const attached = await startChrome(options);
    await signInOnWelcomePage(attached, fixture.server, ANA.email);
    await attached.close();
    chrome = startUndebuggedChrome(options);
  });
  afterAll(async () => {
    await chrome?.close();
    await desktop?.close();
    await fixture?.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  });

  test('shows a message within two seconds after more than a hundred seconds without events', async () => {
    await beginChat(fixture.business).says('Before the quiet');
    await desktop.nextToast(({ text }) => text === 'Before the quiet', 30_000);

    // The passing of time is what is tested, so here it is waited out.
    await delay(QUIET_MS);
    const sentAt = Date.now();
    await beginChat(fixture.business).says('After the quiet');
    const toast = await desktop.nextToast(({ text }) => text === 'After the quiet');
    expect(toast.shownAt - sentAt).toBeLessThan(2_000);
  }, 180_000);
});
