import { expect, test } from 'vitest';
import { slotsBetween } from '../../src/domain/slots.ts';
import { BatchError } from '../../src/ports/mail.ts';
import { openApp } from './in-process.ts';

const DAY = 24 * 60 * 60_000;

test('held-back emails are seen in /readyz and /metrics, and keep nobody from anything else', async () => {
  let quota = true;
  const batches = {
    transport: 'resend' as const,
    limit: 100,
    atOnce: 100,
    between: 0,
    async sendBatch(emails: readonly object[]) {
      if (quota) throw new BatchError('paused', 'Resend: daily_quota_exceeded (429)');
      return emails.map(() => ({ outcome: 'sent' as const }));
    },
  };
  const app = openApp({ UNREPLIED_AFTER_MINUTES: '0', RESEND_API_KEY: 're_key' }, { batches });
  await app.addBusiness('acme', { ana: 'ana@acme.example', ben: 'ben@acme.example' });
  await app.tell('acme', 'group.saved', { group: { id: 'support', name: 'Support', agentIds: ['ana', 'ben'] } });
  await app.tell('acme', 'message.received', {
    conversation: { id: 'c1', groupId: 'support', channel: 'whatsapp' },
    from: { address: '+447700900001' },
    message: { id: 'm1', text: 'Hello?' },
  });
  const { digests } = app.deps;
  const [slot] = slotsBetween('Europe/Madrid', Date.now(), Date.now() + 3 * DAY);
  app.time.ahead = slot!.at - Date.now();
  const figures = async () =>
    String((await app.get('/metrics')).body)
      .split('\n')
      .filter((line) => /^converso_mail(s_total|_)/.test(line));

  expect((await app.get('/readyz')).body).toEqual({ status: 'ok', mail: { status: 'ok' } });
  await digests.tick();
  const held = await app.get('/readyz');
  expect(held.status).toBe(200);
  expect(held.body).toEqual({
    status: 'ok',
    mail: {
      status: 'paused',
      reason: 'Resend: daily_quota_exceeded (429)',
      until: expect.stringMatching(/^\d{4}-.*Z$/),
    },
  });
  expect(await figures()).toEqual([
    'converso_mails_total{kind="digest",outcome="retried"} 2',
    'converso_mail_paused 1',
    'converso_mail_batches_waiting 1',
  ]);

  quota = false;
  app.time.ahead += 15 * 60_000;
  await digests.tick();
  expect((await app.get('/readyz')).body).toEqual({ status: 'ok', mail: { status: 'ok' } });
  expect(await figures()).toEqual([
    'converso_mails_total{kind="digest",outcome="retried"} 2',
    'converso_mails_total{kind="digest",outcome="sent"} 2',
    'converso_mail_paused 0',
    'converso_mail_batches_waiting 0',
  ]);
});
