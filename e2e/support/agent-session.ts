import { randomUUID } from 'node:crypto';
import type { Account, Bell } from '@converso/extension/state.ts';
import type { Agent, Notification } from '@converso/shared';
import { inject } from 'vitest';
import { type Chrome, type ChromeOptions, startChrome } from './browser.ts';
import type { BusinessFixture } from './business-fixture.ts';
import { type Desktop, startDesktop } from './notification-daemon.ts';
import { waitFor } from './wait-for.ts';
import { signInOnWelcomePage } from './welcome.ts';

/** An agent at a desktop of their own, signed in with the extension. */
export interface AgentSession {
  agent: Agent;
  desktop: Desktop;
  chrome: Chrome;
  bell(): Promise<Bell>;
  badge(): Promise<string>;
  /** Resolves when the bell holds a notification about the conversation that meets `condition`. */
  bellShows(conversationId: string, condition?: (item: Notification) => boolean): Promise<Notification>;
  /**
   * Resolves when the extension has decided, for the conversation's message with this text, between a toast
   * and none, and the desktop has been told of the decision.
   */
  decided(conversationId: string, text: string): Promise<void>;
  /**
   * Resolves when the extension has carried out all that the server knows of, and the desktop has been told what came
   * of it.
   */
  caughtUp(): Promise<void>;
  /** Resolves when the built-in inbox shows the conversation in the tab in front. */
  hasOpen(conversationId: string): Promise<void>;
  /** Reads everything and closes every tab but a blank one, so that the next test finds nothing. */
  tidyUp(): Promise<void>;
  close(): Promise<void>;
}

export async function startSession(
  fixture: BusinessFixture,
  agent: Agent,
  options: Pick<ChromeOptions, 'privateWindows'> = {},
): Promise<AgentSession> {
  const { chromium, dbusDaemon } = inject('programs')!;
  const desktop = await startDesktop({ dbusDaemon });
  const chrome = await startChrome({
    executable: chromium,
    extension: inject('extension'),
    busAddress: desktop.busAddress,
    ...options,
  });
  await signInOnWelcomePage(chrome, fixture.server, agent.email);

  const bell = () =>
    chrome.inWorker(async () => (await globalThis.chrome.storage.local.get('bell')).bell as Bell, null);
  const about = async (conversationId: string) => {
    const current = await bell();
    const item = current?.items.find(({ conversation }) => conversation.id === conversationId);
    return item && { item, handledSeq: current.handled[conversationId] ?? 0 };
  };
  await waitFor('the extension is connected', async () => (await bell())?.me);

  const badge = () => chrome.inWorker(() => globalThis.chrome.action.getBadgeText({}), null);
  const token = () =>
    chrome.inWorker(async () => {
      const { account } = await globalThis.chrome.storage.local.get('account');
      return (account as Account).token;
    }, null);

  async function serverCursor() {
    const headers = { authorization: `Bearer ${await token()}` };
    const answer = await fetch(`${fixture.server.url}/v1/notifications?limit=1`, { headers });
    return ((await answer.json()) as { cursor: number }).cursor;
  }

  /** What the browser sends to the desktop arrives in order, so after this nothing older is on its way. */
  async function fence() {
    const id = `fence:${randomUUID()}`;
    await chrome.inWorker(
      (name) =>
        globalThis.chrome.notifications.create(name, {
          type: 'basic',
          iconUrl: 'icon/128.png',
          title: name,
          message: name,
        }),
      id,
    );
    const toast = await desktop.nextToast(({ title }) => title === id);
    await chrome.inWorker((name) => globalThis.chrome.notifications.clear(name), id);
    await toast.withdrawn();
  }

  async function caughtUp() {
    const cursor = await serverCursor();
    await waitFor(
      `the extension of ${agent.name} has caught up with ${cursor}`,
      async () => Number((await bell()).cursor) >= cursor,
    );
    await fence();
  }

  return {
    agent,
    desktop,
    chrome,
    bell,
    badge,
    bellShows: (conversationId, condition = () => true) =>
      waitFor(`the bell of ${agent.name} shows what was awaited about ${conversationId}`, async () => {
        const found = await about(conversationId);
        return found && condition(found.item) ? found.item : undefined;
      }),
    async decided(conversationId, text) {
      await waitFor(`the extension of ${agent.name} has decided about "${text}"`, async () => {
        const found = await about(conversationId);
        return found?.item.message?.text === text && found.handledSeq >= found.item.alertedSeq;
      });
      await fence();
    },
    caughtUp,
    async hasOpen(conversationId) {
      const url = `${fixture.server.url}/inbox/${conversationId}`;
      await waitFor(`${url} is in front of ${agent.name}`, async () => (await chrome.activeTab()).url === url);
    },
    async tidyUp() {
      await chrome.closeTabs();
      // Up to the server's cursor: the extension may still work on the latest events.
      await fetch(`${fixture.server.url}/v1/notifications/read`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}` },
        body: JSON.stringify({ all: true, upTo: await serverCursor() }),
      });
      // An empty badge is too early: the count is 0 from the first of these events on, and each of the others still
      // changes the summary's toast, which would bring back one that was dismissed meanwhile.
      await caughtUp();
      await waitFor('the badge is empty', async () => (await badge()) === '');
      for (const toast of desktop.toasts()) toast.dismiss();
      await fence();
    },
    async close() {
      await chrome.close();
      await desktop.close();
    },
  };
}
