import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AgentSession, startSession } from '../support/agent-session.ts';
import { ANA, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';
import { type CrashPoint, hangAt, hangs } from '../support/crash-point.ts';
import { waitFor } from '../support/wait-for.ts';

describe.skipIf(!inject('programs'))('a worker that is stopped with a customer’s message in hand', () => {
  let fixture: BusinessFixture;
  let ana: AgentSession;

  beforeAll(async () => {
    fixture = await openBusiness();
    ana = await startSession(fixture, ANA);
  });
  afterEach(() => ana.tidyUp());
  afterAll(async () => {
    await ana?.close();
    await fixture?.close();
  });

  const timesTold = (name: string) => ana.desktop.shownCount(({ title }) => title === name);
  /** What an agent does next anyway: turn to another page. It wakes the worker, as its alarm would half a minute later. */
  const turnToAnotherPage = async () => {
    await ana.chrome.open('about:blank');
    await waitFor('the worker is back', () => ana.chrome.isWorkerRunning());
  };

  test.each<[string, CrashPoint, 'before' | 'after', onScreen: number]>([
    ['before it wrote anything', 'bell', 'before', 0],
    ['when the bell was written', 'bell', 'after', 0],
    ['before the toast was made', 'toast', 'before', 0],
    ['when the toast was made', 'toast', 'after', 1],
    ['before the cursor moved', 'cursor', 'before', 1],
  ])('%s has told of it once in the end, and bell and badge are right', async (moment, step, when, onScreen) => {
    const name = `Customer ${moment}`;
    const chat = beginChat(fixture.business, name);
    await hangAt(ana.chrome, step, when);
    await chat.says('Hello');
    await hangs(ana.chrome);
    await ana.chrome.stopWorker();
    await expect.poll(() => timesTold(name)).toBe(onScreen);

    await turnToAnotherPage();
    await ana.caughtUp();
    expect(ana.desktop.toasts().map(({ title }) => title)).toEqual([name]);
    expect(timesTold(name)).toBe(1);
    expect(await ana.badge()).toBe('1');
    expect((await ana.bell()).items.filter(({ state }) => state === 'open')).toHaveLength(1);
  });

  test('whenever that happens has told of each once in the end', async () => {
    const chats = Array.from({ length: 4 }, (_, index) => beginChat(fixture.business, `Unlucky ${index}`));
    for (const chat of chats) {
      await chat.says('Hello');
      await ana.chrome.stopWorker();
      await turnToAnotherPage();
      await ana.bellShows(chat.id);
    }
    await ana.caughtUp();
    for (const index of chats.keys()) expect(timesTold(`Unlucky ${index}`)).toBe(1);
    expect(await ana.badge()).toBe('4');
  });

  test('that was settled meanwhile says nothing of it when it is back', async () => {
    const chat = beginChat(fixture.business, 'Settled meanwhile');
    await hangAt(ana.chrome, 'toast', 'before');
    await chat.says('Hello');
    await hangs(ana.chrome);
    await ana.chrome.stopWorker();
    await chat.close('ben');
    await turnToAnotherPage();
    await ana.caughtUp();
    expect((await ana.bellShows(chat.id)).state).toBe('settled');
    expect(timesTold('Settled meanwhile')).toBe(0);
    expect(await ana.badge()).toBe('');
  });
});
