import { describe, expect, it } from 'vitest';
import { plan } from '../../../src/domain/plan.ts';
import type { SourceBatch, SourceDelivery } from '../../../src/ports/source-store.ts';
import { eachTest, type Make } from './make.ts';
import { MONDAY, type StoreFixture } from './store-fixture.ts';

const KEY = 'src_1';
const source = (key: string, id: string) => ({
  ...{ key, id, businessId: 'acme', kind: 'chatwoot', settings: { url: 'https://desk.example' }, secrets: 'sealed' },
  createdAt: MONDAY,
});

type Assignee = { agentId: string } | { assistant: true } | null;
const ref = (id: string) => ({ id, groupId: 'support', channel: 'whatsapp' });

/** Events of one request, all dated like its arrival. */
function requestsOf(fixture: StoreFixture) {
  let made = 0;
  const dated = () => new Date(fixture.now()).toISOString();
  const next = () => {
    made += 1;
    return `cw:${made}`;
  };
  return {
    saved: (assignee: Assignee, more: Partial<SourceDelivery> = {}, id = 'c1'): SourceDelivery => ({
      eventId: next(),
      event: {
        type: 'conversation.saved',
        timestamp: dated(),
        data: { conversation: ref(id), status: 'open', assignee },
      },
      ...more,
    }),
    message: (text: string, id = 'c1'): SourceDelivery => ({
      eventId: next(),
      event: {
        type: 'message.received',
        timestamp: dated(),
        data: { conversation: ref(id), from: { address: '+34600000001' }, message: { id: `m${made}`, text } },
      },
    }),
    send: async (deliveries: SourceDelivery[], more: Partial<SourceBatch> = {}) => {
      fixture.wait(1000);
      const batch = {
        businessId: 'acme',
        sourceKey: KEY,
        deliveries,
        aliases: [],
        receivedAt: fixture.now(),
        silently: false,
      };
      const { outcomes } = await fixture.store.ingestAll({ ...batch, ...more }, plan);
      return outcomes.map(({ outcome }) => outcome);
    },
  };
}

export function sourcesConformance(make: Make): void {
  describe('a source', () => {
    const test = eachTest(make);

    it('is kept, changed and removed', async () => {
      const { store } = test.fixture;
      await store.addSource(source(KEY, 'cw'));
      await store.addSource(source('src_2', 'sms'));
      expect(await store.updateSource(KEY, { paused: true, lastFailure: 'late', settings: { a: 1 } })).toBe(true);
      expect(await store.source(KEY)).toMatchObject({
        id: 'cw',
        paused: true,
        lastFailure: 'late',
        settings: { a: 1 },
      });
      expect((await store.sources()).map(({ id }) => id)).toEqual(['cw', 'sms']);
      expect([await store.removeSource(KEY), await store.removeSource(KEY)]).toEqual([true, false]);
      expect([await store.source(KEY), await store.updateSource(KEY, { paused: false })]).toEqual([null, false]);
    });

    it('knows its people by their ids over there, and those who are still here', async () => {
      const { fixture } = test;
      const { store } = fixture;
      await store.addSource(source(KEY, 'cw'));
      await store.setSourcePeople(KEY, new Map([['1', 'ben']]));
      await store.setSourcePeople(
        KEY,
        new Map([
          ['31', 'ana'],
          ['32', 'gone'],
        ]),
      );
      expect([await store.sourcePeople(KEY, false), await store.sourcePeople(KEY, true)]).toEqual([
        new Map([
          ['31', 'ana'],
          ['32', 'gone'],
        ]),
        new Map([['31', 'ana']]),
      ]);
      expect(await store.groupIds('acme')).toEqual(new Set(['support', 'sales']));
      await store.removeSource(KEY);
      expect(await store.sourcePeople(KEY, false)).toEqual(new Map());
    });
  });

  describe('what one request of a source brings', () => {
    const test = eachTest(make);

    it('is planned once: what is over by its end alerts nobody', async () => {
      const { fixture } = test;
      const { saved, message, send } = requestsOf(fixture);
      await send([saved({ assistant: true }), message('Hello?')]);
      expect(await fixture.bell('ana')).toMatchObject([{ reason: 'inbound', messageCount: 1 }]);
      const answer: SourceDelivery = {
        eventId: 'cw:reply',
        event: {
          type: 'message.sent',
          timestamp: new Date(fixture.now()).toISOString(),
          data: { conversation: ref('c1'), by: { person: true }, message: { id: 'r1', text: 'Hi' } },
        },
      };
      await send([saved(null), answer]);
      expect(await fixture.bell('ana')).toMatchObject([{ state: 'settled', reason: 'inbound' }]);
    });

    it('is stored but for what is refused, whose id stays free, and what came before', async () => {
      const { fixture } = test;
      const { saved, message, send } = requestsOf(fixture);
      const stranger = saved({ agentId: 'stranger' });
      const hello = message('Hello?');
      expect(await send([stranger, hello, hello])).toEqual(['refused', 'stored', 'duplicate']);
      await fixture.agent('stranger');
      expect(await send([stranger, hello])).toEqual(['stored', 'duplicate']);
      expect(await fixture.open('ana')).toEqual([]);
    });

    it('may count only while the assistant has the conversation', async () => {
      const { fixture } = test;
      const { saved, message, send } = requestsOf(fixture);
      await send([message('Hello?')]);
      const letGo = () => saved(null, { onlyIf: 'assistant' });
      await send([saved({ agentId: 'ben' })]);
      expect(await send([letGo()])).toEqual(['skipped']);
      await send([saved({ assistant: true })]);
      expect(await send([letGo()])).toEqual(['stored']);
    });

    it('alerts nobody and makes nothing due where it is an import', async () => {
      const { fixture } = test;
      const { message, send } = requestsOf(fixture);
      await send([message('Hello?')], { silently: true });
      expect(await fixture.bell('ana')).toEqual([]);
    });

    it('belongs to the person that one of the identifiers was first met as', async () => {
      const { fixture } = test;
      const { message, send } = requestsOf(fixture);
      await fixture.store.addSource(source(KEY, 'sms'));
      const of = (...identifiers: string[]): SourceDelivery => {
        const { eventId } = message('Hello?');
        const as = (person: string) => message(identifiers.join(), `sms:${person}`).event;
        return { eventId, event: as(identifiers[0]!), person: { identifiers, as } };
      };
      await send([of('phone')]);
      await send([of('user', 'phone')]);
      await send([of('user')]);
      await send([], { aliases: [['user', 'new user']] });
      await send([of('new user')]);
      await send([of('other')]);
      const bell = await fixture.bell('ana');
      expect(bell.map(({ conversation, messageCount }) => [conversation.id, messageCount])).toEqual([
        ['sms:other', 1],
        ['sms:phone', 4],
      ]);
    });
  });
}
