import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type CDPSession, chromium, type Page, type Worker } from 'playwright-core';
import { PATIENCE_MS, until } from './until.ts';

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
  minimiseWindow(): Promise<void>;
  windowState(): Promise<string | undefined>;
  /** Opens a page in a new tab of the last window. */
  open(url: string): Promise<Page>;
  /** The pages whose address begins so. */
  pagesAt(prefix: string): Page[];
  close(): Promise<void>;
}

/** Starts Chromium with the extension and waits for its worker. */
export async function startChrome(options: ChromeOptions): Promise<Chrome> {
  const profile = options.profile ?? mkdtempSync(join(tmpdir(), 'converso-profile-'));
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
    pagesAt: (prefix) => context.pages().filter((candidate) => candidate.url().startsWith(prefix)),
    async close() {
      await context.close();
      if (!options.profile) rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

interface WorkerControl {
  send: CDPSession['send'];
  /** `stopped`, `starting`, `running` or `stopping`. */
  status(): string;
  becomes(status: string): Promise<unknown>;
}

/**
 * Gives `act` the browser's own view of the worker. It goes through a page that is open already,
 * because opening one would itself be an event that wakes the worker.
 */
async function controlWorker<Value>(
  context: BrowserContext,
  act: (control: WorkerControl) => Promise<Value>,
): Promise<Value> {
  const [anyPage] = context.pages();
  if (!anyPage) throw new Error('the worker can only be reached while a page is open');
  const session = await context.newCDPSession(anyPage);
  let latest = 'unknown';
  session.on('ServiceWorker.workerVersionUpdated', ({ versions }) => {
    const ours = versions.findLast((version) => version.scriptURL.startsWith('chrome-extension://'));
    latest = ours?.runningStatus ?? latest;
  });
  try {
    await session.send('ServiceWorker.enable');
    await until('the browser tells of the worker', () => latest !== 'unknown');
    const send = session.send.bind(session);
    const becomes = (status: string) => until(`the worker is ${status}`, () => latest === status);
    return await act({ send, status: () => latest, becomes });
  } finally {
    await session.detach();
  }
}
