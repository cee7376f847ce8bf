/** Ingests messages until it is killed; prints each event's id once the store has acknowledged it. For crash.test.ts. */
import { plan } from '../../src/domain/plan.ts';
import { openSqliteStore } from '../../src/store/sqlite/open.ts';

const [file = '', round = ''] = process.argv.slice(2);
const store = openSqliteStore(file);
const businessId = 'acme';
const timestamp = new Date().toISOString();
await store.addBusiness({ id: businessId, name: 'Acme', timeZone: 'UTC', secret: 'whsec_1', now: Date.now() });

async function ingest(eventId: string, event: Parameters<typeof store.ingest>[0]['event']): Promise<void> {
  const { outcome } = await store.ingest({ businessId, eventId, event, receivedAt: Date.now() }, plan);
  if (outcome === 'stored') process.stdout.write(`${eventId}\n`);
}

const agent = { id: 'ana', name: 'Ana', email: 'ana@example.com', role: 'agent' as const };
await ingest(`agent ${round}`, { type: 'agent.saved', timestamp, data: { agent } });
const group = { id: 'support', name: 'Support', agentIds: ['ana'] };
await ingest(`group ${round}`, { type: 'group.saved', timestamp, data: { group } });

for (let n = 0; ; n += 10) {
  const batch = Array.from({ length: 10 }, (_, i) => `${round}-${n + i}`);
  await Promise.all(
    batch.map((id) =>
      ingest(`message ${id}`, {
        type: 'message.received',
        timestamp,
        data: {
          conversation: { id, groupId: 'support', channel: 'sms' },
          from: { address: `+${id}` },
          message: { id, text: 'Hello?' },
        },
      }),
    ),
  );
}
