/**
 * A server's scheduled emails as a process of its own, to be killed: runs what is due once, and ends. At the stage
 * named last it says so and goes no further. For kill.test.ts.
 */
import { readConfig } from '@converso/server/src/config.ts';
import { transportOf } from '@converso/server/src/email/transport.ts';
import { createLog } from '@converso/server/src/log.ts';
import { createMetrics } from '@converso/server/src/metrics.ts';
import type { Store } from '@converso/server/src/ports/store.ts';
import { createDigests } from '@converso/server/src/services/digests/digests.ts';
import { openStore } from '@converso/server/src/store/open.ts';

const [from = '', stage = ''] = process.argv.slice(2);
const config = { ...readConfig(process.env), authSecret: 'a secret of the tests, long enough' };
const ahead = Number(from) - Date.now();
const clock = { now: () => Date.now() + ahead };

const never = (): Promise<never> => {
  console.log(`at: ${stage}`);
  // Something has to keep the process alive while it waits for its end.
  setInterval(() => undefined, 1000);
  return new Promise<never>(() => undefined);
};
const at = async (here: string): Promise<void> => (stage === here ? never() : undefined);

const real = openStore(config.databaseUrl);
const store: Store = {
  ...real,
  async claimSlot(...slot) {
    await at('before the claim');
    const claimed = await real.claimSlot(...slot);
    await at('after the claim');
    return claimed;
  },
  async freezeBatch(freeze) {
    const frozen = await real.freezeBatch(freeze);
    await at('after the freeze');
    return frozen;
  },
  async leaseBatch(...lease) {
    const batch = await real.leaseBatch(...lease);
    if (batch !== null) await at('after the lease');
    return batch;
  },
  async settleBatch(...settled) {
    await at('before it is recorded');
    const recorded = await real.settleBatch(...settled);
    await at('after it is recorded');
    return recorded;
  },
};

const { batches } = transportOf(config, clock);
await createDigests({ store, batches, clock, log: createLog('silent'), metrics: createMetrics(), config }).tick();
await real.close();
console.log('done');
