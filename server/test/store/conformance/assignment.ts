import { describe, expect, it } from 'vitest';
import { eachTest, type Make } from './make.ts';
import { reply } from './office.ts';

export function assignmentConformance(make: Make): void {
  describe('an assignment', () => {
    const test = eachTest(make);

    it('settles everyone else, saying by whom, and tells the assignee', async () => {
      const { office } = test;
      await office.message();
      await office.assign('c1', 'ben', 'zoe');
      expect(await office.bell('ana')).toMatchObject([{ state: 'settled', settledBy: { name: 'Zoe' }, alert: false }]);
      expect(await office.bell('ben')).toMatchObject([{ state: 'open', reason: 'assigned', why: 'assigned_to_you' }]);
    });

    it('by nobody named is said to be by the new assignee', async () => {
      const { office } = test;
      await office.message();
      await office.assign('c1', 'ben');
      expect(await office.bell('ana')).toMatchObject([{ state: 'settled', settledBy: { name: 'Ben' } }]);
    });

    it('to oneself is read, and the next message begins a new notification for the assignee alone', async () => {
      const { office } = test;
      await office.message();
      await office.assign('c1', 'ben', 'ben');
      expect(await office.bell('ben')).toMatchObject([{ state: 'read' }]);
      await office.message('And?');
      expect(await office.bell('ben')).toMatchObject([{ state: 'open', messageCount: 1 }, { state: 'read' }]);
      expect(await office.bell('ana')).toMatchObject([{ state: 'settled', message: { text: 'Hello?' } }]);
    });

    it("to the assistant is settled by it; a reply by a colleague not known here counts as a person's", async () => {
      const { office } = test;
      await office.message();
      await office.assign('c1', 'assistant');
      expect(await office.bell('ana')).toMatchObject([{ state: 'settled', settledBy: { name: 'Assistant' } }]);
      await office.message('A person, please');
      await office.tell('message.sent', reply('stranger', 'm9'));
      expect(await office.open('ana')).toEqual([]);
    });
  });
}
