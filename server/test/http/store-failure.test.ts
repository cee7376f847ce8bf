import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { addSales, run } from './running.ts';

test('503 with Retry-After when the store fails, and the same event is taken once it works again', async () => {
  let failing = false;
  const running = await run(
    {},
    {
      replace: (store) => ({
        ingest: (delivery, planner) =>
          failing ? Promise.reject(new Error('disk I/O error')) : store.ingest(delivery, planner),
      }),
    },
  );
  const business = await addSales(running);
  const event = JSON.stringify({
    type: 'conversation.closed',
    timestamp: new Date().toISOString(),
    data: { conversation: { id: 'c1' } },
  });
  const id = randomUUID();
  failing = true;
  const answer = await business.send(event, { id });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'application/problem+json']);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(running.errors.map(({ msg }) => msg)).toEqual(['an event could not be stored']);
  failing = false;
  expect((await business.send(event, { id })).body).toEqual({ duplicate: false });
  await running.close();
});
