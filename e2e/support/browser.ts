import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page, type Worker } from 'playwright-core';
import { allowInPrivateWindows } from './private-windows.ts';
import { PATIENCE_MS, waitFor } from './wait-for.ts';
import { controlWorker } from './worker-control.ts';

export interface ChromeOptions {
  /** The Chromium to run. */
  executable: string;
  /** Folder of the unpacked extension. */
  extension: string;
  /** DBUS_SESSION_BUS_ADDRESS of the desktop that shows its toasts. */
  busAddress: string;
  /** A profile to use and keep; without one, a fresh one that is deleted at the end. */
  profile?: string;
  headless?: boolean;
  /** Whether the person lets the extension see private windows, which the browser does not by itself. */
  privateWindows?: boolean;
  /** Further environment, for example DISPLAY. */
  env?: Record<string, string>;
  args?: string[];
}

/** Arguments that every start needs, attached or not. */
export const chromeArgs = (extension: string): string[] => [
  `--disable-extensions-except=${extension}`,
  `--load-extension=${extension}`,
  // Containers have a /dev/shm too small for a browser, and root has no sandbox.
  '--disable-dev-shm-usage',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** The environment of a browser on that desktop: no other bus, no other display's settings. */
export const chromeEnv = (busAddress: string, more: Record<string, string> = {}): Record<string, string> => ({
  ...(Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >),
  DBUS_SESSION_BUS_ADDRESS: busAddress,
  ...more,
});

/** A Chromium with the extension, driven and watched by the test. Being attached keeps its worker alive. */
export interface Chrome {
  context: BrowserContext;
  extensionId: string;
  /** URL of a page of the extension. */
  page(file: string): string;
  /** Runs in the extension's worker, waking it where it sleeps. `run` is sent as text: it closes over nothing. */
  inWorker<Argument, Value>(run: (argument: Argument) => Value | Promise<Value>, argument: Argument): Promise<Value>;
  /** Stops the worker as the browser does when it has been idle. */
  stopWorker(): Promise<void>;
  isWorkerRunning(): Promise<boolean>;
  /** The tab that the person looks at, as the extension may see it. */
  activeTab(): Promise<chrome.tabs.Tab>;
  /** Brings the window to the front, or something else before it. */
  focusWindow(focused: boolean): Promise<void>;
  /** Opens another window with these pages, the last of them in front. */
  openWindow(urls: string[], facts?: { incognito?: boolean }): Promise<void>;
  /** Opens the real popup over the page in front. */
  openPopup(): Promise<void>;
  minimiseWindow(): Promise<void>;
  windowState(): Promise<string | undefined>;
  /** Opens a page in a new tab of the last window. */
  open(url: string): Promise<Page>;
  /** Closes every tab of every window but one, which shows a blank page in the window in front. */
  closeTabs(): Promise<void>;
  /** The pages whose address begins so. */
  pagesAt(prefix: string): Page[];
  /** The tabs at this address, or all of them, as the extension may see them. */
  tabsAt(url?: string): Promise<chrome.tabs.Tab[]>;
  close(): Promise<void>;
}

/** Starts Chromium with the extension and waits for its worker. */
export async function startChrome(options: ChromeOptions): Promise<Chrome> {
  const profile = options.profile ?? mkdtempSync(join(tmpdir(), 'converso-profile-'));
  if (options.privateWindows) allowInPrivateWindows(profile, options.extension);
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: options.executable,
    headless: options.headless ?? true,
    chromiumSandbox: process.getuid?.() !== 0,
    env: chromeEnv(options.busAddress, options.env),
    args: [...chromeArgs(options.extension), ...(options.args ?? [])],
    viewport: null,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const isOurs = (candidate: Worker) => candidate.url().startsWith('chrome-extension://');
  // Playwright keeps this object when the worker is stopped, and uses it again for its next life.
  const worker =
    context.serviceWorkers().find(isOurs) ?? (await context.waitForEvent('serviceworker', { predicate: isOurs }));
  const extensionId = new URL(worker.url()).host;
  const page = (file: string) => `chrome-extension://${extensionId}/${file}`;

  const inWorker: Chrome['inWorker'] = async (run, argument) => {
    await controlWorker(context, async ({ send, becomes, status }) => {
      if (status() === 'running') return;
      await send('ServiceWorker.startWorker', { scopeURL: page('') });
      await becomes('running');
    });
    return (await worker.evaluate(run as never, argument)) as never;
  };

  return {
    context,
    extensionId,
    page,
    inWorker,
    isWorkerRunning: () => controlWorker(context, async ({ status }) => status() === 'running'),
    activeTab: () =>
      inWorker(async () => {
        const { tabs = [] } = await globalThis.chrome.windows.getLastFocused({ populate: true });
        return tabs.find(({ active }) => active) as chrome.tabs.Tab;
      }, null),
    focusWindow: (focused) =>
      inWorker(async (front) => {
        const { id } = await globalThis.chrome.windows.getLastFocused();
        await globalThis.chrome.windows.update(id as number, { focused: front });
      }, focused),
    async openWindow(urls, { incognito = false } = {}) {
      await inWorker(
        async ([addresses, isPrivate]) => {
          const { id } = (await globalThis.chrome.windows.create({ url: addresses, incognito: isPrivate }))!;
          const tabs = await globalThis.chrome.tabs.query({ windowId: id as number });
          await globalThis.chrome.tabs.update(tabs.at(-1)?.id as number, { active: true });
        },
        [urls, incognito] as const,
      );
      const last = urls.at(-1) as string;
      await waitFor(`a window with ${last} is in front`, () =>
        inWorker(
          async ([url, count, isPrivate]) => {
            const window = await globalThis.chrome.windows.getLastFocused({ populate: true });
            const tabs = window.tabs ?? [];
            // The extension sees no address but those of its inbox.
            const page = tabs.find(({ active }) => active)?.url ?? 'about:blank';
            return window.focused && window.incognito === isPrivate && tabs.length === count && page === url;
          },
          [last, urls.length, incognito] as const,
        ),
      );
    },
    async openPopup() {
      // Asked for as often as needed: the former one may still be closing. Only over a window that has the focus: the
      // focus that arrives later closes a popup again.
      await waitFor('the popup is open', () =>
        inWorker(async () => {
          const popups = await globalThis.chrome.runtime.getContexts({ contextTypes: ['POPUP' as never] });
          const { focused } = await globalThis.chrome.windows.getLastFocused();
          if (popups.length === 0 && focused) await globalThis.chrome.action.openPopup();
          return popups.length > 0 && !focused;
        }, null),
      );
    },
    minimiseWindow: () =>
      inWorker(async () => {
        const { id } = await globalThis.chrome.windows.getLastFocused();
        await globalThis.chrome.windows.update(id as number, { state: 'minimized' });
      }, null),
    windowState: () => inWorker(async () => (await globalThis.chrome.windows.getLastFocused()).state, null),
    stopWorker: () =>
      controlWorker(context, async ({ send, becomes }) => {
        await send('ServiceWorker.stopAllWorkers');
        await becomes('stopped');
      }),
    async open(url) {
      const opened = await context.newPage();
      await opened.goto(url);
      return opened;
    },
    async closeTabs() {
      // The extension knows all tabs. Playwright learns of one later than the browser opens it, and would leave it.
      await waitFor('one tab is left', () =>
        inWorker(async () => {
          const { tabs, windows, runtime } = globalThis.chrome;
          const [kept, ...others] = (await tabs.query({})).toSorted((a, b) => (a.id as number) - (b.id as number));
          await tabs.remove(others.map(({ id }) => id as number));
          await windows.update(kept?.windowId as number, { state: 'normal' });
          await windows.update(kept?.windowId as number, { focused: true });
          const popups = await runtime.getContexts({ contextTypes: ['POPUP' as never] });
          const { id, focused } = await windows.getLastFocused();
          return others.length === 0 && popups.length === 0 && focused && id === kept?.windowId;
        }, null),
      );
      await waitFor('Playwright knows of one page', () => context.pages().length === 1);
      await context.pages()[0]?.goto('about:blank');
    },
    pagesAt: (prefix) => context.pages().filter((candidate) => candidate.url().startsWith(prefix)),
    tabsAt: (url) => inWorker((query) => globalThis.chrome.tabs.query(query), url === undefined ? {} : { url }),
    async close() {
      await context.close();
      if (!options.profile) rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
