import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { reply } from './store-fixture.ts';

export function assignmentConformance(make: Make): void {
  describe('an assignment', () => {
    const test = eachTest(make);

    it('settles everyone else, saying by whom, and tells the assignee', async () => {
      const { fixture } = test;
      await fixture.message();
      await fixture.assign('c1', 'ben', 'zoe');
      expect(await fixture.bell('ana')).toMatchObject([{ state: 'settled', settledBy: { name: 'Zoe' }, alert: false }]);
      expect(await fixture.bell('ben')).toMatchObject([{ state: 'open', reason: 'assigned', why: 'assigned_to_you' }]);
    });

    it('by nobody named is said to be by the new assignee', async () => {
      const { fixture } = test;
      await fixture.message();
      await fixture.assign('c1', 'ben');
      expect(await fixture.bell('ana')).toMatchObject([{ state: 'settled', settledBy: { name: 'Ben' } }]);
    });

    it('to oneself is read, and the next message begins a new notification for the assignee alone', async () => {
      const { fixture } = test;
      await fixture.message();
      await fixture.assign('c1', 'ben', 'ben');
      expect(await fixture.bell('ben')).toMatchObject([{ state: 'read' }]);
      await fixture.message('And?');
      expect(await fixture.bell('ben')).toMatchObject([{ state: 'open', messageCount: 1 }, { state: 'read' }]);
      expect(await fixture.bell('ana')).toMatchObject([{ state: 'settled', message: { text: 'Hello?' } }]);
    });

    it("to the assistant is settled by it; a reply by a colleague not known here counts as a person's", async () => {
      const { fixture } = test;
      await fixture.message();
      await fixture.assign('c1', 'assistant');
      expect(await fixture.bell('ana')).toMatchObject([{ state: 'settled', settledBy: { name: 'Assistant' } }]);
      await fixture.message('A person, please');
      await fixture.tell('message.sent', reply('stranger', 'm9'));
      expect(await fixture.open('ana')).toEqual([]);
    });
  });
}
