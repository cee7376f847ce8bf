import type { Agent } from '@converso/shared';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AgentSession, startSession } from '../support/agent-session.ts';
import { ANA, BEN, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { CHATWOOT_CHAT, type Chatwoot, startChatwoot } from '../support/chatwoot.ts';

const TOKEN = 'of-an-administrator';
const ID = `cw:${CHATWOOT_CHAT}`;
const CHAT = `/conversations/${CHATWOOT_CHAT}`;

describe.skipIf(!inject('programs'))('a chat in Chatwoot, which is plugged in', () => {
  let fixture: BusinessFixture;
  let chatwoot: Chatwoot;
  let ana: AgentSession;
  let ben: AgentSession;

  const idThere = ({ email }: Agent) => chatwoot.agents.find((agent) => agent.email === email)?.id ?? null;

  beforeAll(async () => {
    fixture = await openBusiness({ CW_TOKEN: TOKEN });
    chatwoot = await startChatwoot(TOKEN);
    // The same people work there; they are matched by email.
    chatwoot.agents.splice(0, 2, { ...ANA, id: 31 }, { ...BEN, id: 32 });
    await fixture.server.cli(
      ...['source', 'add', 'chatwoot', '--business', fixture.business.id, '--id', 'cw'],
      ...['--url', chatwoot.url, '--account', '3', '--token-env', 'CW_TOKEN'],
    );
    chatwoot.becomesUnheard({ status: 'open' });
    [ana, ben] = await Promise.all([startSession(fixture, ANA), startSession(fixture, BEN)]);
    await Promise.all([ana.tidyUp(), ben.tidyUp()]);
  });
  afterEach(async () => {
    await Promise.all([ana.tidyUp(), ben.tidyUp()]);
  });
  afterAll(async () => {
    await Promise.all([ana?.close(), ben?.close()]);
    await chatwoot?.close();
    await fixture?.close();
  });

  /** Ana has a tab of Chatwoot at this page, and looks at another one. */
  async function tabBehind(path: string) {
    const tab = await ana.chrome.open(chatwoot.at(path));
    await (await ana.chrome.open('about:blank')).bringToFront();
    return tab;
  }

  test('becomes a toast for its team; a click takes the tab of Chatwoot there; who has it clears the other screen', async () => {
    const tab = await tabBehind('/inbox/9');
    const tabs = ana.chrome.context.pages().length;
    await chatwoot.writes('Is it ready?');
    const [onAnasScreen, onBensScreen] = await Promise.all([ana.desktop.nextToast(), ben.desktop.nextToast()]);
    expect(onAnasScreen).toMatchObject({ title: 'Nora Fink', text: 'Is it ready?', buttons: ['Open'] });

    onAnasScreen.click();
    await tab.waitForURL(chatwoot.at(CHAT));
    await expect.poll(async () => (await ana.chrome.activeTab()).url).toBe(chatwoot.at(CHAT));
    expect(ana.chrome.context.pages()).toHaveLength(tabs);
    await ana.bellShows(ID, ({ state }) => state === 'read');

    await chatwoot.becomes({ assignee: idThere(ANA) });
    await onBensScreen.withdrawn();
    await ben.bellShows(ID, ({ state }) => state === 'settled');
    expect(await ben.badge()).toBe('');
  });

  test('is read when it is opened there by hand, at another form of its address', async () => {
    const tab = await tabBehind('/dashboard');
    await chatwoot.writes('Hello?');
    const toast = await ana.desktop.nextToast();
    await tab.goto(chatwoot.at(`/mentions${CHAT}`));
    await tab.bringToFront();
    await toast.withdrawn();
    await ana.bellShows(ID, ({ state }) => state === 'read');
  });

  test('brings no toast while it is in front', async () => {
    const tab = await ana.chrome.open(chatwoot.at(`/team/5${CHAT}`));
    await tab.bringToFront();
    await chatwoot.writes('Are you there?');
    await ana.decided(ID, 'Are you there?');
    await ana.bellShows(ID, ({ state }) => state === 'read');
    expect(ana.desktop.toasts()).toEqual([]);
  });

  test('is settled, and leaves the screen, when it is resolved there', async () => {
    await (await ana.chrome.open('about:blank')).bringToFront();
    await chatwoot.writes('Still nobody?');
    const toast = await ana.desktop.nextToast();
    await chatwoot.becomes({ status: 'resolved' });
    await toast.withdrawn();
    await ana.bellShows(ID, ({ state }) => state === 'settled');
    await expect.poll(() => ana.badge()).toBe('');
  });
});
