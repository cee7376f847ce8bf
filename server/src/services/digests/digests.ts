/**
 * The scheduled emails, from the clock to the mailer, in three steps: claim the slots that are due, freeze claimed slots
 * batch by batch, send frozen batches. A crash may cut each step short, and any process goes on with it, because all
 * that matters is in the store. The state here is only whether a run is under way and why sending pauses.
 */
import type { Config } from '../../config.ts';
import type { DigestPlan, Skip } from '../../domain/unreplied.ts';
import type { Log } from '../../log.ts';
import type { Metrics } from '../../metrics.ts';
import type { DigestStore, SlotOf } from '../../ports/digest-store.ts';
import type { BatchMailer } from '../../ports/mail.ts';
import type { SourceStore } from '../../ports/source-store.ts';
import type { Clock, Millis } from '../../ports/types.ts';
import type { Sources } from '../plugged.ts';
import { letPass, type Wait } from '../wait.ts';
import { claimDue } from './claim.ts';
import { createFreezer } from './freeze.ts';
import { createSender, type Pause } from './send.ts';
import { MINUTE, nameOf } from './slot-name.ts';

export interface DigestDeps {
  store: DigestStore & Pick<SourceStore, 'sources'>;
  batches: BatchMailer;
  clock: Clock;
  log: Log;
  metrics: Pick<Metrics, 'mails'>;
  config: Config & { authSecret: string };
  /** The kinds of sources, for the inboxes that they have; without them all links lead to the inbox of this server. */
  sources?: Sources;
  /** Tests move their clock instead of waiting. */
  wait?: Wait;
}

export interface Digests {
  /** Runs all that is due. One run at a time: a call during one waits for that and the next. */
  tick(): Promise<void>;
  /** Freezes all of a claimed slot as of a moment, for `deliver`; returns who gets an email and who does not. */
  freeze(slot: SlotOf, at: Millis): Promise<{ digests: DigestPlan[]; skipped: Skip[] }>;
  /** Sends the batches that are due, until none is left or something stands in the way. */
  deliver(): Promise<void>;
  /** Null while emails are sent. */
  paused(): Pause | null;
  /** Ends after the batch that is under way. */
  close(): Promise<void>;
}

export function createDigests(deps: DigestDeps): Digests {
  const { store, batches, clock, log, metrics, config, wait = letPass } = deps;
  const closing = new AbortController();
  const freezer = createFreezer(deps);
  const sender = createSender({ store, batches, clock, log, metrics, wait, closing: closing.signal });
  let running: Promise<void> | null = null;
  let again = false;

  /** Each batch goes out before the next is frozen, so that nobody is emailed about what was answered meanwhile. */
  async function runClaimed(now: Millis): Promise<void> {
    for (const { claimedAt, ...slot } of await store.runningSlots()) {
      const about = { business: slot.businessId, slot: nameOf(slot.slot) };
      if (now - Math.max(claimedAt, slot.slot.at) > config.slotGraceMinutes * MINUTE) {
        await store.abandonSlot(slot, 'too_late', now);
        log.warn(about, 'a slot did not finish in time; the next one goes on');
        continue;
      }
      if (sender.paused() !== null) continue;
      for (let emails = 0; !closing.signal.aborted; ) {
        const frozen = await freezer.next(slot, clock.now());
        if (frozen.outcome === 'finished') {
          log.info({ ...about, emails, skipped: frozen.skipped.length }, 'a slot was run');
          break;
        }
        emails += frozen.digests.length;
        if (!(await sender.deliverDue())) return;
      }
    }
  }

  async function deliver(): Promise<void> {
    await sender.giveUp();
    await sender.deliverDue();
  }

  async function runDue(): Promise<void> {
    await claimDue(deps, clock.now());
    await deliver();
    await runClaimed(clock.now());
  }

  async function tick(): Promise<void> {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await runDue();
      } while (again && !closing.signal.aborted);
    })().finally(() => {
      running = null;
    });
    return running;
  }

  return {
    tick,
    freeze: freezer.all,
    deliver,
    paused: sender.paused,
    async close() {
      closing.abort();
      await running;
    },
  };
}
