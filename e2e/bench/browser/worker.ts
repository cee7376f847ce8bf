import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startChrome } from '../../support/browser.ts';
import { ANA, openBusiness } from '../../support/business-fixture.ts';
import { beginChat } from '../../support/chat.ts';
import { startDesktop } from '../../support/notification-daemon.ts';
import { startUndebuggedChrome } from '../../support/undebugged.ts';
import { signInOnWelcomePage } from '../../support/welcome.ts';
import type { Row } from '../table.ts';
import { extensionRenderer, usedBy } from './renderer.ts';
import type { Workplace } from './workplace.ts';

/** Until the browser has done with its start (milliseconds). */
const SETTLE_MS = 30_000;
const MINUTE_MS = 60_000;

/**
 * The extension's renderer in a browser that nobody debugs, signed in, connected, with a blank page, and nothing that
 * happens: processor time of all its threads, and how often one of them woke up. Nothing is subtracted: it is the
 * whole process, of which the extension's worker is all that runs in it.
 */
export async function workerRows({ executable, extension, dbusDaemon }: Workplace, quick: boolean): Promise<Row[]> {
  const minutes = quick ? 1 : 10;
  const profile = mkdtempSync(join(tmpdir(), 'converso-profile-'));
  const fixture = await openBusiness();
  const desktop = await startDesktop({ dbusDaemon });
  const options = { executable, extension, busAddress: desktop.busAddress, profile };
  let chrome: ReturnType<typeof startUndebuggedChrome> | undefined;
  try {
    const attached = await startChrome(options);
    await signInOnWelcomePage(attached, fixture.server, ANA.email);
    await attached.close();
    chrome = startUndebuggedChrome(options);
    const connected = async (text: string): Promise<void> => {
      await Promise.all([
        desktop.nextToast((toast) => toast.text === text, MINUTE_MS),
        beginChat(fixture.business).says(text),
      ]);
    };
    await connected('Before the quiet');
    const pid = extensionRenderer(chrome.pid);
    if (pid === null) throw new Error('the renderer of the extension was not found');
    // The passing of time is what is measured, so here it is waited out.
    await delay(SETTLE_MS);
    const before = usedBy(pid);
    await delay(minutes * MINUTE_MS);
    const after = usedBy(pid);
    await connected('After the quiet');
    if (extensionRenderer(chrome.pid) !== pid) throw new Error('the renderer of the extension was replaced meanwhile');
    return [
      {
        what: `worker: processor time while idle for ${minutes} min, share of a core`,
        unit: '%',
        ours: [((after.processorMs - before.processorMs) / (minutes * MINUTE_MS)) * 100],
        must: { is: '<', value: 0.1 },
      },
      {
        what: '… wake-ups of any thread of its process, a minute',
        unit: '',
        ours: [(after.wakeUps - before.wakeUps) / minutes],
      },
    ];
  } finally {
    await chrome?.close();
    await desktop.close();
    await fixture.close();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
