import { describe, expect, it } from 'vitest';
import type { TimelineEvent } from '../../../src/domain/timeline-event.ts';
import type { CommandEvent } from '../../../src/ports/store.ts';
import { eachTest, type Make } from './make.ts';
import { present } from './store-fixture.ts';

let commands = 0;
const entry = (happens: Partial<TimelineEvent>): TimelineEvent => {
  commands += 1;
  return { id: `command-${commands}`, at: 0, imported: false, by: null, ...happens } as TimelineEvent;
};
const take = (id: string, conversationId = 'c1'): CommandEvent => ({
  conversationId,
  onlyIfFree: true,
  entry: entry({
    type: 'assigned',
    assignee: { kind: 'agent', agentId: id },
    by: { kind: 'agent', agentId: id },
  }),
});

export function commandConformance(make: Make): void {
  describe('an agent in the inbox', () => {
    const test = eachTest(make);

    it('lets one agent take a chat, and says who was faster', async () => {
      const { fixture } = test;
      await fixture.message();
      expect(await fixture.execute('ana', take('ana'))).toMatchObject({ outcome: 'done' });
      expect(await fixture.bell('ben')).toMatchObject([{ state: 'settled', settledBy: { name: 'Ana' } }]);
      expect(await fixture.execute('ana', take('ana'))).toEqual({
        outcome: 'done',
        affected: { agents: [], groups: [] },
      });
      expect(await fixture.execute('ben', take('ben'))).toEqual({
        outcome: 'not_free',
        assignee: { id: 'ana', name: 'Ana' },
      });
      await fixture.tell('conversation.closed', { conversation: { id: 'c1' } });
      expect(await fixture.execute('ben', take('ben'))).toEqual({ outcome: 'not_free', assignee: null });
    });

    it('lets exactly one of two who take a chat at the same time have it', async () => {
      const { fixture } = test;
      await fixture.message();
      await Promise.all([fixture.as('ana'), fixture.as('ben')]);
      const outcomes = await Promise.all([fixture.execute('ana', take('ana')), fixture.execute('ben', take('ben'))]);
      expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'not_free']);
    });

    it('lets an agent take a chat from the assistant', async () => {
      const { fixture } = test;
      await fixture.message();
      await fixture.assign('c1', 'assistant');
      expect(await fixture.execute('ana', take('ana'))).toMatchObject({ outcome: 'done' });
    });

    it('dates an act now, or after the newest entry if that is dated ahead', async () => {
      const { fixture } = test;
      const ahead = fixture.now() + 60_000;
      await fixture.message('From a fast clock', {}, { at: ahead });
      const sent: CommandEvent = {
        conversationId: 'c1',
        entry: entry({ type: 'sent', text: 'Hi', by: { kind: 'agent', agentId: 'ana' } }),
      };
      const done = await fixture.execute('ana', sent);
      expect(done).toMatchObject({
        outcome: 'done',
        affected: { groups: await fixture.store.groupKeys(await fixture.as('ana')) },
      });
      expect(await fixture.execute('ana', sent)).toEqual({ outcome: 'done', affected: { agents: [], groups: [] } });
      const { entries, waitingSince } = present(await fixture.store.conversation(await fixture.as('ana'), 'c1'));
      expect(entries.map(({ at }) => Date.parse(at))).toEqual([ahead, ahead + 1]);
      expect(waitingSince).toBeNull();
      expect(await fixture.open('ben')).toEqual([]);
    });

    it('knows no chat that the agent may not see, and gives none to an agent who is not active', async () => {
      const { fixture } = test;
      await fixture.message();
      expect(await fixture.execute('fay', take('fay'))).toEqual({ outcome: 'not_found' });
      expect(await fixture.execute('ana', take('ana', 'nothing'))).toEqual({ outcome: 'not_found' });
      const give: CommandEvent = {
        conversationId: 'c1',
        entry: entry({ type: 'assigned', assignee: { kind: 'agent', agentId: 'gone' } }),
      };
      expect(await fixture.execute('ana', give)).toEqual({ outcome: 'unknown_agent' });
    });
  });
}
