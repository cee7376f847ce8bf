/** One slot in a process of its own, so that its memory can be told: what is due, then all of it handed over. For slot.ts. */

import { readConfig } from '@converso/server/src/config.ts';
import { slotAtOrBefore } from '@converso/server/src/domain/slots.ts';
import { planSlot } from '@converso/server/src/domain/unreplied.ts';
import { resendBatches } from '@converso/server/src/email/resend/batch-mailer.ts';
import { createLog } from '@converso/server/src/log.ts';
import { createMetrics } from '@converso/server/src/metrics.ts';
import { createDigests } from '@converso/server/src/services/digests/digests.ts';
import { openStore } from '@converso/server/src/store/open.ts';
import { peakKiB } from './processor-time.ts';

const [businessId = '', timeZone = ''] = process.argv.slice(2);
const config = { ...readConfig(process.env), authSecret: 'a secret of the bench, long enough' };
const store = openStore(config.databaseUrl);
const now = Date.now();
const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
};

let emails = 0;
const computed = await seconds(async () => {
  emails = planSlot(await store.slotFacts(businessId), now, config.unrepliedAfterMinutes * 60_000).digests.length;
});

const { resend, mailFrom } = config;
if (resend === null) throw new Error('The bench hands over to a stand-in for Resend.');
const digests = createDigests({
  store,
  batches: resendBatches(resend, mailFrom),
  clock: { now: () => Date.now() },
  log: createLog('silent'),
  metrics: createMetrics(),
  config: { ...config, slotGraceMinutes: 1_440, maxEmailsPerDay: 999_999 },
});
await store.claimSlot({ businessId, timeZone, slot: slotAtOrBefore(timeZone, now) }, now);
const handedOver = await seconds(() => digests.tick());
await store.close();
process.send?.({ emails, computed, handedOver, memory: peakKiB(process.pid) / 1024 });
process.disconnect?.();
