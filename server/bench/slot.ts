import { premises, seedBusiness } from '../proofs/seed.ts';
import { plan } from '../src/domain/plan.ts';
import { slotAtOrBefore } from '../src/domain/slots.ts';
import { planSlot } from '../src/domain/unreplied.ts';
import { openStore } from '../src/store/open.ts';
import type { Row } from './figures.ts';

const CONVERSATIONS = 10_000;
const AGENTS = 500;

/** A slot with 10,000 due conversations for 500 agents: how long until it is known who gets what. */
export async function slotRows(passes: number): Promise<Row[]> {
  const place = premises();
  const seconds: number[] = [];
  const memory: number[] = [];
  try {
    const { id, groups } = await seedBusiness(place, { id: 'bench', agents: AGENTS, groupSize: 10, devices: 0 });
    const store = openStore(place.env.DATABASE_URL!);
    const now = Date.now();
    const timestamp = new Date(now - 60 * 60_000).toISOString();
    await Promise.all(
      Array.from({ length: CONVERSATIONS }, (_, n) =>
        store.ingest(
          {
            businessId: id,
            eventId: `due-${n}`,
            receivedAt: now,
            event: {
              type: 'message.received',
              timestamp,
              data: {
                conversation: { id: `c${n}`, groupId: groups[n % groups.length]!.id, channel: 'whatsapp' },
                from: { address: `+34${n}`, name: `Customer ${n}` },
                message: { id: `m${n}`, text: 'Is the flat free in the first week of May?' },
              },
            },
          },
          plan,
        ),
      ),
    );
    for (let pass = 0; pass < passes; pass += 1) {
      const began = performance.now();
      const { digests } = planSlot(
        await store.slotFacts(id),
        slotAtOrBefore('Europe/Madrid', now).at + 3 * 60 * 60_000,
        15 * 60_000,
      );
      seconds.push((performance.now() - began) / 1000);
      memory.push(process.memoryUsage.rss() / 2 ** 20);
      if (digests.length !== AGENTS) throw new Error(`${digests.length} digests instead of ${AGENTS}`);
    }
    await store.close();
  } finally {
    place.remove();
  }
  return [
    { what: 'slot: 10,000 due conversations, 500 agents, computed', unit: 's', must: '< 1', passes: seconds },
    { what: '… memory of the process', unit: 'MiB', must: '< 300', passes: memory },
  ];
}
