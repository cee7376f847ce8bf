/** Bodies that are within 256 KiB and yet name more than anybody needs. */
import { expect, test } from 'vitest';
import { addBusiness, run } from './running.ts';

const many = (count: number, id = ''): string[] =>
  Array.from({ length: count }, (_, n) => (id === '' ? '' : `${id}${n}`));

async function acme() {
  const running = await run();
  const business = await addBusiness(running, 'acme');
  await business.addAgent('ana');
  return { running, business, ana: await business.signIn('ana') };
}

test('80,000 ids to be marked read are refused by their number, before one of them is looked at', async () => {
  const { running, ana } = await acme();
  const answer = await ana.post('/v1/notifications/read', { ids: many(80_000) });
  expect([answer.status, answer.body.errors]).toEqual([422, [{ field: 'ids', message: 'must be at most 1000' }]]);
  expect((await ana.post('/v1/notifications/read', { ids: many(1000, 'n') })).status).toBe(200);
  await running.close();
});

test('a group of 30,000 members is refused by their number, one of 10,000 is taken', async () => {
  const { running, business } = await acme();
  const group = (agentIds: string[]) => ({
    type: 'group.saved',
    timestamp: new Date().toISOString(),
    data: { group: { id: 'g', name: 'G', agentIds } },
  });
  const refused = await business.send(JSON.stringify(group(many(30_000))));
  expect([refused.status, refused.body.errors]).toEqual([
    422,
    [{ field: 'data.group.agentIds', message: 'must be at most 10000' }],
  ]);
  expect((await business.send(JSON.stringify(group(many(10_000, 'a'))))).status).toBe(202);
  await running.close();
});
