/** The scheduled emails with everything real but the clock and Resend: store files, the SDK, as many servers as wanted. */
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Config, readConfig } from '../../src/config.ts';
import { resendBatches } from '../../src/email/resend/batch-mailer.ts';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { BatchMailer } from '../../src/ports/mail.ts';
import type { Store } from '../../src/ports/store.ts';
import type { Clock } from '../../src/ports/types.ts';

import { createDigests } from '../../src/services/digests/digests.ts';
import { sources } from '../../src/sources/index.ts';

import { openStore } from '../../src/store/open.ts';
import { startResend } from '../email/resend-stand-in.ts';
import { openStoreFixture, type StoreFixture } from '../store/conformance/store-fixture.ts';
import { temporaryFolder } from '../store/temporary-folder.ts';

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
/** Monday 1 June 2026 in London, the zone of the fixture; the business is set up at 10:00. */
export const monday = (time: string): number => Date.parse(`2026-06-01T${time}:00+01:00`);

/** Long enough for an answer on a busy machine; each request that hangs costs it (milliseconds). */
const MAILER_TIMEOUT = 2_000;

/** @param by sends in place of Resend; the stand-in for Resend is there all the same */
export async function openDigestFixture(
  environment: Record<string, string> = {},
  by?: (config: Config, clock: Clock) => BatchMailer,
) {
  const folder = temporaryFolder();
  const config = {
    ...readConfig({ DATA_DIR: folder, DATABASE_URL: `file:${join(folder, 'c.db')}`, ...environment }),
    authSecret: 'a secret of the tests, long enough',
  };
  const resend = await startResend();
  const time = { now: monday('10:00') };
  const opened: Store[] = [];
  const logged: { msg: string; [field: string]: unknown }[] = [];

  /** Another server on the same file. */
  function server(apiKey = 're_key', baseUrl = resend.baseUrl) {
    const store = openStore(config.databaseUrl);
    opened.push(store);
    const log = createLog('trace', { write: (line) => void logged.push(JSON.parse(line)) });
    const metrics = createMetrics();
    const clock = { now: () => time.now };
    const batches = by?.(config, clock) ?? resendBatches({ apiKey, baseUrl }, config.mailFrom, MAILER_TIMEOUT);
    // Time passes for everybody, and costs the test none.
    const wait = async (ms: number) => {
      time.now += ms;
    };
    const digests = createDigests({ store, batches, clock, log, metrics, config, sources, wait });
    /** The figure of `/metrics` for an outcome. */
    const counted = async (outcome: string): Promise<number> => {
      const { values } = await metrics.mails.get();
      return values.find(({ labels }) => labels.outcome === outcome)?.value ?? 0;
    };
    return { ...digests, store, counted };
  }

  onTestFinished(async () => {
    for (const store of opened) await store.close();
    resend.close();
  });

  const first = server();
  const fixture: StoreFixture = await openStoreFixture(first.store);
  return {
    ...first,
    fixture,
    resend,
    time,
    logged,
    server,
    config,
    /** The clock shows this, and the server looks at it. */
    async at(moment: number, who: { tick(): Promise<void> } = first) {
      time.now = moment;
      await who.tick();
    },
    /** Who got what, in short: recipient and subject, in the order of delivery. */
    got: () => resend.delivered.map(({ to, subject }) => `${to.split('@')[0]}: ${subject}`),
    /** The same, once each, from here on. */
    clear: () => void resend.delivered.splice(0),
  };
}
