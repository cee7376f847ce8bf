import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AgentSession, startSession } from '../support/agent-session.ts';
import { ANA, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';
import { waitFor } from '../support/wait-for.ts';

describe.skipIf(!inject('programs'))('two devices of one agent', () => {
  let fixture: BusinessFixture;
  let laptop: AgentSession;
  let desk: AgentSession;

  beforeAll(async () => {
    fixture = await openBusiness();
    // One after the other, for the code that one asks for would replace the other's.
    laptop = await startSession(fixture, ANA);
    desk = await startSession(fixture, ANA);
  });
  afterEach(() => Promise.all([laptop.tidyUp(), desk.tidyUp()]));
  afterAll(async () => {
    await Promise.all([laptop?.close(), desk?.close()]);
    await fixture?.close();
  });

  /** Resolves when both badges show this. */
  const bothCount = async (count: string) => {
    for (const { badge } of [laptop, desk])
      await waitFor(`a badge shows "${count}"`, async () => (await badge()) === count);
  };
  const toastOnBoth = (name: string) =>
    Promise.all([laptop, desk].map(({ desktop }) => desktop.nextToast(({ title }) => title === name)));

  test('each show one toast, and count the same', async () => {
    await beginChat(fixture.business, 'Kim Holm').says('Hello');
    await bothCount('1');
    await toastOnBoth('Kim Holm');
    await beginChat(fixture.business, 'Lou Marsh').says('Hello');
    await bothCount('2');
    await toastOnBoth('Lou Marsh');
    for (const device of [laptop, desk]) {
      await device.caughtUp();
      expect(device.desktop.toasts().map(({ title }) => title)).toEqual(['Kim Holm', 'Lou Marsh']);
      expect(device.desktop.shownCount(({ title }) => title === 'Kim Holm')).toBe(1);
    }
  });

  test('know of what was read on the other', async () => {
    const chat = beginChat(fixture.business, 'Mia Roth');
    await chat.says('Hello');
    const [onLaptop, onDesk] = await toastOnBoth('Mia Roth');
    onLaptop!.click();
    await laptop.hasOpen(chat.id);
    await bothCount('');
    await onDesk!.withdrawn();
    expect((await desk.bellShows(chat.id)).state).toBe('read');

    // The chat is in front on the laptop now, so what comes in it is read at once, on the desk as well.
    await chat.says('Are you there?');
    await desk.bellShows(chat.id, ({ state, message }) => state === 'read' && message?.text === 'Are you there?');
    await bothCount('');
    await desk.caughtUp();
    expect(desk.desktop.toasts()).toEqual([]);
  });

  test('know of what was taken on the other', async () => {
    const chat = beginChat(fixture.business, 'Nils Berg');
    await chat.assistantTakes();
    await chat.says('I want a person');
    await chat.assistantGivesUp();
    const sticky = ({ sticky }: { sticky: boolean }) => sticky;
    const onLaptop = await laptop.desktop.nextToast(sticky);
    const onDesk = await desk.desktop.nextToast(sticky);
    onDesk.press('Take');
    await onLaptop.withdrawn();
    await bothCount('');
    for (const device of [laptop, desk]) expect((await device.bellShows(chat.id)).state).toBe('read');
    await desk.hasOpen(chat.id);
  });

  test('know that all was read in the popup of the other', async () => {
    await Promise.all(['Ole', 'Pia'].map((name) => beginChat(fixture.business, name).says('Hello')));
    const toasts = await Promise.all([toastOnBoth('Ole'), toastOnBoth('Pia')]);
    await bothCount('2');
    const popup = await laptop.chrome.open(laptop.chrome.page('popup.html'));
    await popup.getByRole('button', { name: 'Mark all as read' }).click();
    await bothCount('');
    for (const toast of toasts.flat()) await toast.withdrawn();
  });
});
