import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type AgentSession, startSession } from '../support/agent-session.ts';
import { ANA, BEN, type BusinessFixture, openBusiness } from '../support/business-fixture.ts';
import { beginChat } from '../support/chat.ts';
import { signIn } from '../support/sign-in.ts';

describe.skipIf(!inject('programs'))('two agents of one team', () => {
  let fixture: BusinessFixture;
  let ana: AgentSession;
  let ben: AgentSession;

  beforeAll(async () => {
    fixture = await openBusiness();
    [ana, ben] = await Promise.all([startSession(fixture, ANA), startSession(fixture, BEN)]);
  });
  afterEach(async () => {
    await Promise.all([ana.tidyUp(), ben.tidyUp()]);
  });
  afterAll(async () => {
    await Promise.all([ana?.close(), ben?.close()]);
    await fixture?.close();
  });

  test('both see a handover that stays, and who takes it clears the other one’s screen', async () => {
    const chat = beginChat(fixture.business, 'Dora Vega');
    await chat.assistantTakes();
    await chat.says('I want a person');
    await chat.assistantGivesUp();
    const handover = { title: 'Dora Vega', sticky: true, buttons: ['Open', 'Take'] };
    const onAnasScreen = await ana.desktop.nextToast(({ sticky }) => sticky);
    const onBensScreen = await ben.desktop.nextToast(({ sticky }) => sticky);
    expect(onAnasScreen).toMatchObject(handover);
    expect(onBensScreen).toMatchObject(handover);

    onAnasScreen.press('Take');
    await onBensScreen.withdrawn();
    const settled = await ben.bellShows(chat.id, ({ state }) => state === 'settled');
    expect(settled.settledBy).toEqual({ name: ANA.name });
    expect((await ana.bellShows(chat.id, ({ state }) => state !== 'open')).state).toBe('read');
    expect(await ben.badge()).toBe('');
    await expect.poll(() => ana.badge()).toBe('');
    await ana.hasOpen(chat.id);
  });

  test('who is slower is told who was faster', async () => {
    const chat = beginChat(fixture.business, 'Dora Vega');
    await chat.says('Hello');
    const onBensScreen = await ben.desktop.nextToast();
    // A worker that sleeps cannot withdraw its toast, so Ben still sees it when Ana has the chat.
    await ben.chrome.stopWorker();
    const token = await signIn(fixture.server, ANA.email);
    const answer = await fetch(`${fixture.server.url}/v1/conversations/${chat.id}/take`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    expect(answer.status).toBe(200);
    onBensScreen.press('Take');
    const honest = await ben.desktop.nextToast(({ title, text }) => `${title} ${text}`.includes(ANA.name));
    honest.dismiss();
  });

  test('only the one who is assigned a chat is told, and is not offered to take it', async () => {
    const chat = beginChat(fixture.business, 'Dora Vega');
    await chat.says('Hello');
    const anas = await ana.desktop.nextToast();
    const bens = await ben.desktop.nextToast();
    await chat.assign(ANA.id, BEN.id);
    await bens.withdrawn();
    await ana.bellShows(chat.id, ({ reason }) => reason === 'assigned');
    const assigned = await ana.desktop.nextToast(({ context }) => context !== anas.context);
    expect(assigned).toMatchObject({ title: 'Dora Vega', buttons: ['Open'], sticky: false });
    expect(ben.desktop.toasts()).toEqual([]);
  });

  test('a closed chat leaves every screen', async () => {
    const chat = beginChat(fixture.business);
    await chat.says('Never mind');
    const anas = await ana.desktop.nextToast();
    const bens = await ben.desktop.nextToast();
    await chat.close(BEN.id);
    await Promise.all([anas.withdrawn(), bens.withdrawn()]);
    expect((await ana.bellShows(chat.id, ({ state }) => state === 'settled')).settledBy).toEqual({ name: BEN.name });
    await expect.poll(() => ana.badge()).toBe('');
  });
});
