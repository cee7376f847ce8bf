import { describe, expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import { type Email, MailError } from '../../src/ports/mail.ts';
import { createMailQueue } from '../../src/services/mail-queue.ts';

const EMAIL: Email = { to: 'ana@acme.example', subject: 'Hi', text: 'Hi', html: 'Hi', idempotencyKey: '1' };
const passing = () => new MailError('Resend: internal_server_error (500)', true);
const final = () => new MailError('Resend: validation_error (422)', false);

/** A queue whose mailer fails with these, one a try, and then takes the email. */
function queueWith(failures: (() => Error)[], retryAfterMs: number[] = [0, 0, 0]) {
  const logged: string[] = [];
  const log = createLog('trace', { write: (line) => void logged.push(line) });
  const metrics = createMetrics();
  const keys: string[] = [];
  const rehearsed: string[] = [];
  const mailer = {
    async send({ idempotencyKey }: Email) {
      keys.push(idempotencyKey);
      const failure = failures[keys.length - 1];
      if (failure) throw failure();
    },
    async rehearse({ idempotencyKey }: Email) {
      rehearsed.push(idempotencyKey);
    },
  };
  const mailQueue = createMailQueue({ mailer, log, metrics }, retryAfterMs);
  const outcomes = async () => {
    const { values } = await metrics.mails.get();
    return Object.fromEntries(values.map(({ labels, value }) => [labels.outcome, value]));
  };
  return { mailQueue, keys, rehearsed, logged, outcomes };
}

describe('an email in the background', () => {
  test('is handed over once', async () => {
    const { mailQueue, keys, outcomes } = queueWith([]);
    mailQueue.post('sign_in', async () => EMAIL);
    expect(keys).toEqual([]);
    await mailQueue.idle();
    expect([keys, await outcomes()]).toEqual([['1'], { sent: 1 }]);
  });

  test('is composed and not handed over for nobody, after the same turn', async () => {
    const { mailQueue, keys, rehearsed, outcomes } = queueWith([]);
    mailQueue.rehearse(async () => EMAIL);
    expect(rehearsed).toEqual([]);
    await mailQueue.idle();
    expect([rehearsed, keys, await outcomes()]).toEqual([['1'], [], {}]);
  });

  test('is tried again under the same key while that may help', async () => {
    const { mailQueue, keys, logged, outcomes } = queueWith([passing, passing]);
    mailQueue.post('sign_in', async () => EMAIL);
    await mailQueue.idle();
    expect(keys).toEqual(['1', '1', '1']);
    expect(await outcomes()).toEqual({ retried: 2, sent: 1 });
    expect(logged.map((line) => JSON.parse(line).level)).toEqual(['warn', 'warn']);
  });

  test('is given up after the last try, and that is logged without its recipient', async () => {
    const { mailQueue, keys, logged, outcomes } = queueWith([passing, passing, passing, passing]);
    mailQueue.post('sign_in', async () => EMAIL);
    await mailQueue.idle();
    expect(keys).toHaveLength(4);
    expect(await outcomes()).toEqual({ retried: 3, failed: 1 });
    expect(JSON.parse(logged.at(-1)!)).toMatchObject({
      level: 'error',
      kind: 'sign_in',
      reason: expect.stringContaining('500'),
    });
    expect(logged.join()).not.toContain('ana@');
  });

  test('that the service refuses for good is not tried again', async () => {
    const { mailQueue, keys, outcomes } = queueWith([final]);
    mailQueue.post('sign_in', async () => EMAIL);
    await mailQueue.idle();
    expect([keys, await outcomes()]).toEqual([['1'], { failed: 1 }]);
  });

  test('that cannot be made harms nobody else', async () => {
    const { mailQueue, keys, logged } = queueWith([]);
    mailQueue.post('sign_in', () => Promise.reject(new TypeError('ana@acme.example')));
    mailQueue.post('sign_in', async () => EMAIL);
    await mailQueue.idle();
    expect(keys).toEqual(['1']);
    expect(logged.map((line) => JSON.parse(line))).toMatchObject([{ level: 'error', failure: 'TypeError' }]);
  });

  test('gets its last try at once when the server closes', async () => {
    const tried = Promise.withResolvers<void>();
    const failOnce = () => {
      tried.resolve();
      return passing();
    };
    const { mailQueue, keys, outcomes } = queueWith([failOnce], [3_600_000]);
    mailQueue.post('sign_in', async () => EMAIL);
    await tried.promise;
    // By then it waits for its hour.
    await new Promise(setImmediate);
    await mailQueue.flush();
    expect([keys.length, await outcomes()]).toEqual([2, { retried: 1, sent: 1 }]);
  });

  test('is not tried again once the server closes', async () => {
    const { mailQueue, keys, outcomes } = queueWith([passing, passing], [3_600_000]);
    mailQueue.post('sign_in', async () => EMAIL);
    await mailQueue.flush();
    expect([keys.length, await outcomes()]).toEqual([1, { failed: 1 }]);
  });
});
