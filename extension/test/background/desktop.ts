/**
 * The browser at the worker's edge: the in-memory one where that is enough, and in its place a desktop with
 * windows, tabs and toasts that a test can look at and click.
 */

import { resolve } from 'node:path';
import { generateChromeMessages, parseMessagesFile } from '@wxt-dev/i18n/build';
import { vi } from 'vitest';
import type { Browser } from 'wxt/browser';
import { fakeBrowser } from 'wxt/testing/fake-browser';

const messages = generateChromeMessages(await parseMessagesFile(resolve(import.meta.dirname, '../../locales/en.yml')));

export type Toast = Browser.notifications.NotificationCreateOptions & {
  /** How often it popped up. */
  pops: number;
};

export interface Tab {
  id: number;
  url: string;
  active: boolean;
}

export interface Window {
  id: number;
  focused: boolean;
  state: 'normal' | 'minimized';
  incognito: boolean;
  /** `app`: a page that was installed as one. `popup`: a window without tabs and address bar, as pages open them. */
  type: 'normal' | 'app' | 'popup';
  tabs: Tab[];
}

const listeners = <Args extends unknown[]>() => {
  const all: ((...args: Args) => unknown)[] = [];
  return {
    addListener: (listener: (...args: Args) => unknown) => void all.push(listener),
    hasListeners: () => all.length > 0,
    fire: (...args: Args) => {
      for (const listener of all) listener(...args);
    },
  };
};

/** A fresh browser; nothing of an earlier test's is left. */
export const createDesktop = () => {
  vi.restoreAllMocks();
  fakeBrowser.reset();
  // The worker's global scope, which tells of the network's return.
  vi.stubGlobal('self', new EventTarget());
  const toasts = new Map<string, Toast>();
  const windows: Window[] = [];
  const desktop = {
    toasts,
    windows,
    popupOpen: false,
    presence: 'active' as 'active' | 'idle' | 'locked',
    presenceChanged: listeners<['active' | 'idle' | 'locked']>(),
    permission: 'granted' as 'granted' | 'denied',
    /** Sites whose pages the agent lets the extension see, as match patterns. */
    granted: ['https://inbox.example/*'],
    originGranted: listeners<[object]>(),
    originTaken: listeners<[object]>(),
    /** Pictures that cannot be loaded. */
    brokenIcons: [] as string[],
    managed: {} as Record<string, unknown>,
    icon: '',
    title: '',
    toast: (id: string) => toasts.get(id),
    titles: () => [...toasts.values()].map((toast) => toast.title),
    toastClicked: listeners<[string]>(),
    toastButton: listeners<[string, number]>(),
    toastClosed: listeners<[string, boolean]>(),
    permissionChanged: listeners<[string]>(),
    badge: () => fakeBrowser.action.getBadgeText({}),
    /** Opens a window with these pages, the first of them in front. */
    open: (urls: string[], facts: Partial<Window> = {}): Window => {
      const id = windows.length + 1;
      const tabs = urls.map((url, index) => ({ id: id * 100 + index, url, active: index === 0 }));
      const window = {
        id,
        focused: false,
        state: 'normal' as const,
        incognito: false,
        type: 'normal' as const,
        tabs,
        ...facts,
      };
      windows.push(window);
      if (window.focused) desktop.focus(id);
      return window;
    },
    focus: (id: number | null) => {
      for (const window of windows) window.focused = window.id === id;
    },
    /** The pages in front, window by window. */
    inFront: () => windows.map(({ tabs }) => tabs.find(({ active }) => active)?.url),
  };

  const windowOf = (tabId: number) => windows.find(({ tabs }) => tabs.some(({ id }) => id === tabId));
  const seen = (window: Window) => ({
    ...window,
    tabs: window.tabs.map((tab) => ({ ...tab, windowId: window.id })),
  });
  const last = (types: string[] = ['normal', 'app', 'popup']) => {
    const some = windows.filter(({ type }) => types.includes(type));
    return some.find(({ focused }) => focused) ?? some.at(-1);
  };
  const activate = (window: Window, tabId: number) => {
    for (const tab of window.tabs) tab.active = tab.id === tabId;
  };
  const refuseBrokenIcon = (iconUrl: string | undefined) => {
    if (desktop.brokenIcons.some((icon) => iconUrl?.endsWith(icon)))
      throw new Error('Unable to download all specified images.');
  };

  Object.assign(fakeBrowser.i18n, {
    getMessage: (key: string, substitutions: string[] = []) =>
      (messages[key]?.message ?? '').replace(/\$(\d)/g, (_all, place) => substitutions[Number(place) - 1] ?? ''),
  });
  Object.assign(fakeBrowser.notifications, {
    create: async (id: string, options: Toast) => {
      refuseBrokenIcon(options.iconUrl);
      toasts.delete(id);
      toasts.set(id, { ...options, pops: 1 });
      return id;
    },
    update: async (id: string, options: Toast) => {
      const toast = toasts.get(id);
      if (!toast) return false;
      refuseBrokenIcon(options.iconUrl);
      toasts.set(id, { ...toast, ...options });
      return true;
    },
    clear: async (id: string) => toasts.delete(id),
    getAll: async () => Object.fromEntries([...toasts.keys()].map((id) => [id, true])),
    getPermissionLevel: async () => desktop.permission,
    onClicked: desktop.toastClicked,
    onButtonClicked: desktop.toastButton,
    onClosed: desktop.toastClosed,
    onPermissionLevelChanged: desktop.permissionChanged,
  });
  Object.assign(fakeBrowser, {
    permissions: {
      contains: async ({ origins }: { origins: string[] }) =>
        origins.every((origin) => desktop.granted.includes(origin)),
      onAdded: desktop.originGranted,
      onRemoved: desktop.originTaken,
    },
    idle: {
      setDetectionInterval: () => {},
      queryState: async () => desktop.presence,
      onStateChanged: desktop.presenceChanged,
    },
  });
  Object.assign(fakeBrowser.windows, {
    WINDOW_ID_NONE: -1,
    getAll: async ({ windowTypes }: { windowTypes: string[] }) =>
      windows.map(seen).filter(({ type }) => windowTypes.includes(type)),
    get: async (id: number) => windows.filter((window) => window.id === id).map(seen)[0],
    getLastFocused: async ({ windowTypes }: { windowTypes: string[] }) => {
      const window = last(windowTypes);
      if (!window) throw new Error('No last-focused window');
      // A popup takes the focus from its window.
      return { ...seen(window), focused: window.focused && !desktop.popupOpen };
    },
    update: async (id: number, { focused, state }: { focused?: boolean; state?: Window['state'] }) => {
      const window = windows.find((candidate) => candidate.id === id);
      if (!window) throw new Error(`No window with id: ${id}.`);
      if (focused) desktop.focus(id);
      if (state) window.state = state;
      return window;
    },
    create: async ({ url }: { url: string }) => seen(desktop.open([url], { focused: true })),
  });
  Object.assign(fakeBrowser.tabs, {
    update: async (id: number, { url, active }: { url?: string; active?: boolean }) => {
      const window = windowOf(id);
      const tab = window?.tabs.find((candidate) => candidate.id === id);
      if (!window || !tab) throw new Error(`No tab with id: ${id}.`);
      if (url) tab.url = url;
      if (active) activate(window, id);
      return tab;
    },
    create: async ({ url, windowId }: { url: string; windowId?: number }) => {
      const window = windows.find(({ id }) => id === windowId) ?? last();
      if (!window) throw new Error('No current window');
      const tab = { id: window.id * 100 + window.tabs.length, url, active: true };
      window.tabs.push(tab);
      activate(window, tab.id);
      return { ...tab, windowId: window.id };
    },
  });
  Object.assign(fakeBrowser.runtime, {
    getContexts: async () => (desktop.popupOpen ? [{ contextType: 'POPUP' }] : []),
    getPlatformInfo: async () => ({ os: 'linux' }),
  });
  Object.assign(fakeBrowser.action, {
    setIcon: async ({ path }: { path: Record<string, string> }) => {
      desktop.icon = path['16'] ?? '';
    },
    setTitle: async ({ title }: { title: string }) => {
      desktop.title = title;
    },
  });
  Object.assign(fakeBrowser.storage.managed, { get: async () => desktop.managed });
  return desktop;
};

export type Desktop = ReturnType<typeof createDesktop>;
