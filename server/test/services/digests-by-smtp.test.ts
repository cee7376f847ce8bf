import { expect, onTestFinished, test } from 'vitest';
import { smtpBatches } from '../../src/email/smtp/mailer.ts';
import { startSmtp } from '../email/smtp-stand-in.ts';
import { HOUR, MINUTE, monday, openDigestFixture } from './digest-fixture.ts';

const DAY = 24 * HOUR;

/** The scheduled emails by an SMTP server. */
async function open() {
  const smtp = await startSmtp();
  onTestFinished(() => smtp.close());
  const room = await openDigestFixture({ SMTP_URL: smtp.url }, ({ smtp: server, mailFrom: from }, clock) =>
    smtpBatches({ server: server!, from, clock, times: { answer: 300, session: 600 } }),
  );
  /** Who got an email, in alphabetical order. */
  const to = () => smtp.delivered.map((mail) => mail.to.split('@')[0]).toSorted();
  return { ...room, smtp, to };
}

test('by SMTP each agent has one email of a slot, and no message twice', async () => {
  const { fixture, at, to, counted } = await open();
  await fixture.message();
  for (const time of ['11:00', '11:01', '14:00']) await at(monday(time));
  expect(to()).toEqual(['ana', 'ben']);
  expect(await counted('sent')).toBe(2);
});

test('a greylisted email is tried later, and holds up nobody else', async () => {
  const { fixture, at, smtp, to, counted } = await open();
  await fixture.message();
  smtp.meet({ refuse: 450, at: 'rcpt' });
  await at(monday('11:00'));
  expect(smtp.delivered).toHaveLength(1);
  await at(monday('11:01'));
  expect(to()).toEqual(['ana', 'ben']);
  expect([await counted('retried'), await counted('sent')]).toEqual([1, 2]);
});

test('a recipient that is refused for good is emailed at the next slot, the others at this one', async () => {
  const { fixture, at, smtp, to } = await open();
  await fixture.message();
  smtp.meet({ refuse: 550, at: 'rcpt' });
  await at(monday('11:00'));
  expect(smtp.delivered).toHaveLength(1);
  await at(monday('14:00'));
  expect(to()).toEqual(['ana', 'ben']);
});

test('a server that is down for a while gets everything once when it is back', async () => {
  const { fixture, at, smtp, to, counted } = await open();
  await fixture.message();
  smtp.meet({ cut: 'connect' }, { refuse: 421, at: 'connect' }, { cut: 'rcpt' }, { refuse: 421, at: 'data' });
  for (let minute = 0; minute < 20; minute += 1) await at(monday('11:00') + minute * MINUTE);
  expect(to()).toEqual(['ana', 'ben']);
  expect(await counted('retried')).toBe(4);
});

test('what was handed over when the connection broke is unknown, and not sent again', async () => {
  const { fixture, at, smtp, counted, logged } = await open();
  await fixture.message();
  smtp.meet('take and cut', { cut: 'data' });
  await at(monday('11:00'));
  expect(smtp.delivered).toHaveLength(1);
  expect(await counted('unknown')).toBe(2);
  expect(logged).toContainEqual(expect.objectContaining({ level: 'warn', msg: 'a batch was handed over', failed: 1 }));
  await at(monday('14:00'));
  await at(monday('11:00') + DAY);
  expect(smtp.delivered).toHaveLength(1);
});

test('two servers on one store send each email once between them', async () => {
  const { fixture, at, smtp, server, to } = await open();
  const ids = Array.from({ length: 30 }, (_, index) => `agent${String(index).padStart(2, '0')}`);
  for (const id of ids) await fixture.agent(id);
  await fixture.group('support', ids);
  await fixture.message();
  const other = server();
  smtp.onMessage(() => {
    smtp.onMessage(() => undefined);
    void other.tick();
  });
  await at(monday('11:00'));
  await other.tick();
  expect(to()).toEqual(ids);
});
