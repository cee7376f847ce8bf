/** Two stores on one file, as a server and the operator's command line are: what one keeps in memory, the other changes. */
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Planner } from '../../src/domain/plan.ts';
import type { Store, StreamChange } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open.ts';
import { type Office, openOffice, received, reply, shownBy } from './conformance/office.ts';
import { temporaryFolder } from './temporary-folder.ts';

let office: Office;
let here: Store;
let elsewhere: Store;

beforeEach(async () => {
  const url = `file:${join(temporaryFolder(), 'converso.db')}`;
  here = openStore(url);
  elsewhere = openStore(url);
  office = await openOffice(here);
  for (const id of ['ana', 'ben', 'cat']) await office.agent(id);
  await office.group('support', ['ana', 'ben', 'cat']);
});
afterEach(async () => {
  await here.close();
  await elsewhere.close();
});

/** Does something as another process would. */
async function fromElsewhere(work: () => Promise<unknown>): Promise<void> {
  office.store = elsewhere;
  await work().finally(() => {
    office.store = here;
  });
}

const failing: Planner = () => {
  throw new Error('a bug');
};

describe('who is in a team', () => {
  it('is as another process has just written it', async () => {
    await office.message('before');
    await fromElsewhere(() => office.group('support', ['ben']));
    await office.message('after', { conversation: 'c2' });
    expect(await office.open('ana')).toEqual([]);
    expect(await office.open('ben')).toEqual(['c2 inbound 1', 'c1 inbound 1']);
  });

  it('is not what a write said that was undone', async () => {
    const now = office.now();
    const deliver = (eventId: string, event: Parameters<Store['ingest']>[0]['event'], planner: Planner) =>
      here.ingest({ businessId: 'acme', eventId, event, receivedAt: now }, planner);
    const timestamp = new Date(now).toISOString();
    await office.message('waits');
    // Renaming restamps what waits, and there the planner fails, after the team was written.
    const group = { id: 'support', name: 'Renamed', agentIds: ['ana'] };
    const outcomes = await Promise.allSettled([
      deliver(
        'rename',
        { type: 'group.saved', timestamp: new Date(now + 1000).toISOString(), data: { group } },
        failing,
      ),
      office.message('goes on', { conversation: 'c2' }),
      deliver('bug', { type: 'message.received', timestamp, data: received('?', { conversation: 'c3' }) }, failing),
      office.message('too', { conversation: 'c4' }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
    expect(await office.open('ben')).toEqual(['c4 inbound 1', 'c2 inbound 1', 'c1 inbound 1']);
  });
});

describe('what a stream is given from memory', () => {
  type Step = (office: Office, chat: string) => Promise<unknown>;
  const about = (chat: string) => ({ conversation: { id: chat } });
  const steps: Record<string, Step> = {
    message: (o, chat) => o.message('Hi', { conversation: chat }),
    assistant: (o, chat) => o.assign(chat, 'assistant'),
    nobody: (o, chat) => o.assign(chat, null, 'ana'),
    handover: (o, chat) => o.tell('conversation.handed_over', about(chat)),
    ben: (o, chat) => o.assign(chat, 'ben', 'cat'),
    take: (o, chat) => o.assign(chat, 'ana', 'ana'),
    reply: (o, chat) => o.tell('message.sent', reply('cat', `r-${o.now()}`, chat)),
    close: (o, chat) => o.tell('conversation.closed', { ...about(chat), by: { agentId: 'ben' } }),
    late: (o, chat) => o.message('Before', { conversation: chat }, { at: o.now() - 5000 }),
    name: (o) => o.tell('contact.saved', { contact: { address: '+447700900001', name: `Joe ${o.now()}` } }),
    read: async (o, chat) => o.store.markRead(await o.as('ben'), { conversationId: chat }, o.now()),
    mute: async (o) => o.store.setPreferences(await o.as('cat'), { assistantChats: false }, o.now()),
  };

  let fromMemory = 0;

  /** Both stores' answers to every agent's stream; the other one has nothing in memory. */
  async function expectTheSame(cursors: Map<string, number>): Promise<void> {
    for (const id of ['ana', 'ben', 'cat']) {
      const { sessionId } = await office.as(id);
      const cursor = cursors.get(id)!;
      const told = here.recentChanges(sessionId, cursor, 100, office.now());
      if (told !== null) fromMemory += 1;
      expect(elsewhere.recentChanges(sessionId, cursor, 100, office.now())).toBeNull();
      const memory = told ?? (await here.changes(sessionId, cursor, 100, office.now()));
      const file = await elsewhere.changes(sessionId, cursor, 100, office.now());
      if (memory?.outcome !== 'changes' || file?.outcome !== 'changes') throw new Error(memory?.outcome);
      // The file has only a notification's latest revision, and says with each how many are open now, not then.
      const idOf = (change: StreamChange) => shownBy(change)?.id ?? 'preferences';
      const latest = memory.changes.filter(
        (change, index) => !memory.changes.slice(index + 1).some((later) => idOf(later) === idOf(change)),
      );
      const shown = (changes: readonly StreamChange[]) => changes.map((change) => shownBy(change) ?? change);
      expect(shown(latest)).toEqual(shown(file.changes));
      expect([memory.cursor, memory.unread]).toEqual([file.cursor, file.unread]);
      cursors.set(id, file.cursor);
    }
  }

  const story = fc.array(fc.tuple(fc.constantFrom(...Object.keys(steps)), fc.constantFrom('c1', 'c2')), {
    minLength: 1,
    maxLength: 25,
  });

  it('is what the file says, whatever happens', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (told) => {
        const cursors = new Map<string, number>();
        for (const id of ['ana', 'ben', 'cat']) {
          const { sessionId } = await office.as(id);
          const snapshot = await here.snapshot(sessionId, office.now());
          if (snapshot.outcome !== 'snapshot') throw new Error(snapshot.outcome);
          cursors.set(id, snapshot.cursor);
        }
        for (const chat of ['c1', 'c2']) await office.message('Hello', { conversation: chat });
        for (const [step, chat] of told) {
          await steps[step]!(office, chat);
          await expectTheSame(cursors);
        }
      }),
      { numRuns: 25, ...(process.env.STORIES ? { numRuns: Number(process.env.STORIES) } : {}) },
    );
    expect(fromMemory).toBeGreaterThan(0);
  });

  it('is each agent’s own, though one event ends what they were told for different reasons', async () => {
    const cursors = new Map<string, number>();
    await office.message('Hi', { channel: 'webchat' });
    await office.assign('c1', 'assistant');
    await office.message('Hi');
    await office.assign('c1', null, 'ana');
    for (const id of ['ana', 'ben', 'cat']) {
      const snapshot = await here.snapshot((await office.as(id)).sessionId, office.now());
      cursors.set(id, snapshot.outcome === 'snapshot' ? snapshot.cursor : 0);
    }
    await office.tell('message.sent', reply('cat', 'r1'));
    await expectTheSame(cursors);
  });
});
