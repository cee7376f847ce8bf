/** "Within a second": the median of several times, because a busy machine holds up one or two. */
import type { Bell } from '@converso/extension/state.ts';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AgentSession, startSession } from '../support/agent-session.ts';
import { ANA, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';
import { waitFor } from '../support/wait-for.ts';

const PROMPT_MS = 1_000;
const TIMES = 5;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface Watched {
  unread?: number;
  countedAt?: number;
}

/** Lets the worker note when its count changes: a question from here would measure a busy machine. */
const watchCount = ({ chrome }: AgentSession): Promise<void> =>
  chrome.inWorker(() => {
    const watched = globalThis as Watched;
    globalThis.chrome.storage.local.onChanged.addListener(({ bell }) => {
      const { unread } = (bell?.newValue ?? { unread: 0 }) as Bell;
      if (!bell || watched.unread === unread) return;
      Object.assign(watched, { unread, countedAt: Date.now() });
    });
  }, null);
const countedAt = ({ chrome }: AgentSession): Promise<number> =>
  chrome.inWorker(() => (globalThis as Watched).countedAt ?? Number.NaN, null);

describe.skipIf(!inject('programs'))('within a second', () => {
  let fixture: BusinessFixture;
  let laptop: AgentSession;
  let desk: AgentSession;

  beforeAll(async () => {
    fixture = await openBusiness();
    // One after the other: a second code would replace the first.
    laptop = await startSession(fixture, ANA);
    desk = await startSession(fixture, ANA);
    await Promise.all([laptop, desk].map(watchCount));
  });
  afterEach(() => Promise.all([laptop.tidyUp(), desk.tidyUp()]));
  afterAll(async () => {
    await Promise.all([laptop?.close(), desk?.close()]);
    await fixture?.close();
  });

  test('a message of a customer is a toast', async () => {
    const took: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      const text = `Hello ${time}`;
      const sentAt = Date.now();
      await beginChat(fixture.business).says(text);
      const toast = await laptop.desktop.nextToast((shown) => shown.text === text);
      took.push(toast.shownAt - sentAt);
      toast.dismiss();
    }
    expect(median(took), `${took} ms`).toBeLessThan(PROMPT_MS);
  });

  test('what is dealt with on one device is counted on the other', async () => {
    const apart: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      const name = `Customer ${time}`;
      await beginChat(fixture.business, name).says('Hello');
      const toast = await laptop.desktop.nextToast(({ title }) => title === name);
      await waitFor('both count one', async () => (await laptop.badge()) === '1' && (await desk.badge()) === '1');
      toast.click();
      await waitFor('both count none', async () => (await laptop.badge()) === '' && (await desk.badge()) === '');
      const [one, other] = await Promise.all([laptop, desk].map(countedAt));
      apart.push(Math.abs(one! - other!));
      await laptop.chrome.closeTabs();
    }
    expect(median(apart), `${apart} ms`).toBeLessThan(PROMPT_MS);
  });
});
