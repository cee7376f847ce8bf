import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Chrome, startChrome } from '../support/browser.ts';
import { type Desktop, startDesktop } from '../support/notification-daemon.ts';

const programs = inject('programs');

/** The smallest extension that shows toasts and remembers what was done with them. */
const MANIFEST = {
  manifest_version: 3,
  name: 'Toaster',
  version: '1',
  permissions: ['notifications', 'storage'],
  background: { service_worker: 'worker.js' },
};
const WORKER = `
// A key of its own for each deed, because two of them (clicked, closed) come at once.
const remember = (...deed) => chrome.storage.local.set({ [deed.join(' ')]: true });
chrome.notifications.onClicked.addListener((id) => remember('clicked', id));
chrome.notifications.onButtonClicked.addListener((id, index) => remember('pressed', id, index));
chrome.notifications.onClosed.addListener((id, byUser) => remember('closed', id, byUser));
`;
/** One grey pixel. */
const ICON =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII=';

describe.skipIf(!programs).each([{ markup: true }, { markup: false }])(
  'a desktop with markup: $markup',
  ({ markup }) => {
    let extension: string;
    let desktop: Desktop;
    let browser: Chrome;

    beforeAll(async () => {
      extension = mkdtempSync(join(tmpdir(), 'converso-toaster-'));
      writeFileSync(join(extension, 'manifest.json'), JSON.stringify(MANIFEST));
      writeFileSync(join(extension, 'worker.js'), WORKER);
      desktop = await startDesktop({ dbusDaemon: programs!.dbusDaemon, markup });
      browser = await startChrome({ executable: programs!.chromium, extension, busAddress: desktop.busAddress });
    });
    afterAll(async () => {
      await browser?.close();
      await desktop?.close();
      rmSync(extension, { recursive: true, force: true });
    });

    const show = (id: string, options: Partial<chrome.notifications.NotificationOptions>) =>
      browser.inWorker(([name, content]) => chrome.notifications.create(name, content), [
        id,
        { type: 'basic', iconUrl: ICON, title: 'A title', message: 'A message', ...options },
      ] as const);

    const deeds = () => browser.inWorker(async () => Object.keys(await chrome.storage.local.get()), undefined);
    const clear = (id: string) => browser.inWorker((name) => chrome.notifications.clear(name), id);

    afterEach(async () => {
      for (const toast of desktop.toasts()) toast.dismiss();
      await browser.inWorker(() => chrome.storage.local.clear(), undefined);
    });

    test('shows a toast as the extension made it', async () => {
      await show('one', {
        title: 'Ana <3',
        message: 'Fish & chips\n\n"please"',
        contextMessage: 'WhatsApp · Sales',
        buttons: [{ title: 'Open' }, { title: 'Take' }],
      });
      const toast = await desktop.nextToast();
      expect(toast).toMatchObject({
        title: 'Ana <3',
        context: 'WhatsApp · Sales',
        text: 'Fish & chips\n\n"please"',
        buttons: ['Open', 'Take'],
        sticky: false,
      });
      expect(toast.iconBytes).toBeGreaterThan(0);
      expect(desktop.toasts()).toEqual([toast]);
    });

    test('shows one that asks for a person as sticky', async () => {
      await show('one', { requireInteraction: true });
      expect(await desktop.nextToast()).toMatchObject({
        title: 'A title',
        text: 'A message',
        context: '',
        sticky: true,
      });
    });

    test('a click reaches the extension and takes the toast away', async () => {
      await show('one', {});
      (await desktop.nextToast()).click();
      await expect.poll(deeds).toContain('clicked one');
      expect(desktop.toasts()).toEqual([]);
    });

    test('a click wakes a worker that was stopped', async () => {
      await show('one', {});
      const toast = await desktop.nextToast();
      await browser.stopWorker();
      expect(await browser.isWorkerRunning()).toBe(false);
      toast.click();
      await expect.poll(() => browser.isWorkerRunning()).toBe(true);
      await expect.poll(deeds).toContain('clicked one');
    });

    test('a button is pressed by its label, also after the toast was replaced', async () => {
      await show('one', { buttons: [{ title: 'Open' }] });
      const toast = await desktop.nextToast();
      await show('one', { title: 'Another title', buttons: [{ title: 'Open' }, { title: 'Take' }] });
      await toast.becomes(({ title }) => title === 'Another title');
      expect(toast.updates).toBe(1);
      expect(() => toast.press('Close')).toThrow('no button "Close"');
      toast.press('Take');
      await expect.poll(deeds).toContain('pressed one 1');
    });

    test('a toast that the extension clears is withdrawn, and one it makes again is a new one', async () => {
      await show('one', {});
      const first = await desktop.nextToast();
      await clear('one');
      await first.withdrawn();
      expect(desktop.toasts()).toEqual([]);
      await show('one', {});
      const second = await desktop.nextToast();
      expect(second.id).not.toBe(first.id);
    });

    test('a person can dismiss a toast', async () => {
      await show('one', {});
      (await desktop.nextToast()).dismiss();
      await expect.poll(deeds).toContain('closed one true');
    });

    test('waiting for a toast that does not come fails, saying what is on the screen', async () => {
      await show('one', {});
      await desktop.nextToast();
      await expect(desktop.nextToast(undefined, 100)).rejects.toThrow('A title');
    });
  },
);
