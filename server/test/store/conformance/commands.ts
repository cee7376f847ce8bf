import { describe, expect, it } from 'vitest';
import type { TimelineEvent } from '../../../src/domain/timeline-event.ts';
import type { CommandEvent } from '../../../src/ports/store.ts';
import { eachTest, type Make } from './make.ts';
import { present } from './office.ts';

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
      const { office } = test;
      await office.message();
      expect(await office.execute('ana', take('ana'))).toMatchObject({ outcome: 'done' });
      expect(await office.bell('ben')).toMatchObject([{ state: 'settled', settledBy: { name: 'Ana' } }]);
      expect(await office.execute('ana', take('ana'))).toEqual({
        outcome: 'done',
        affected: { agents: [], groups: [] },
      });
      expect(await office.execute('ben', take('ben'))).toEqual({
        outcome: 'not_free',
        assignee: { id: 'ana', name: 'Ana' },
      });
      await office.tell('conversation.closed', { conversation: { id: 'c1' } });
      expect(await office.execute('ben', take('ben'))).toEqual({ outcome: 'not_free', assignee: null });
    });

    it('lets exactly one of two who take a chat at the same time have it', async () => {
      const { office } = test;
      await office.message();
      await Promise.all([office.as('ana'), office.as('ben')]);
      const outcomes = await Promise.all([office.execute('ana', take('ana')), office.execute('ben', take('ben'))]);
      expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'not_free']);
    });

    it('lets an agent take a chat from the assistant', async () => {
      const { office } = test;
      await office.message();
      await office.assign('c1', 'assistant');
      expect(await office.execute('ana', take('ana'))).toMatchObject({ outcome: 'done' });
    });

    it('dates an act now, or after the newest entry if that is dated ahead', async () => {
      const { office } = test;
      const ahead = office.now() + 60_000;
      await office.message('From a fast clock', {}, { at: ahead });
      const sent: CommandEvent = {
        conversationId: 'c1',
        entry: entry({ type: 'sent', text: 'Hi', by: { kind: 'agent', agentId: 'ana' } }),
      };
      const done = await office.execute('ana', sent);
      expect(done).toMatchObject({
        outcome: 'done',
        affected: { groups: await office.store.groupKeys(await office.as('ana')) },
      });
      expect(await office.execute('ana', sent)).toEqual({ outcome: 'done', affected: { agents: [], groups: [] } });
      const { entries, waitingSince } = present(await office.store.conversation(await office.as('ana'), 'c1'));
      expect(entries.map(({ at }) => Date.parse(at))).toEqual([ahead, ahead + 1]);
      expect(waitingSince).toBeNull();
      expect(await office.open('ben')).toEqual([]);
    });

    it('knows no chat that the agent may not see, and gives none to an agent who is not active', async () => {
      const { office } = test;
      await office.message();
      expect(await office.execute('fay', take('fay'))).toEqual({ outcome: 'not_found' });
      expect(await office.execute('ana', take('ana', 'nothing'))).toEqual({ outcome: 'not_found' });
      const give: CommandEvent = {
        conversationId: 'c1',
        entry: entry({ type: 'assigned', assignee: { kind: 'agent', agentId: 'gone' } }),
      };
      expect(await office.execute('ana', give)).toEqual({ outcome: 'unknown_agent' });
    });
  });
}
