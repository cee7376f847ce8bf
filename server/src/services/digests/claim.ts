/** The first step of the scheduled emails: claims the slots that are due and records those that were missed. */
import type { Config } from '../../config.ts';
import { slotsBetween } from '../../domain/slots.ts';
import type { Log } from '../../log.ts';
import type { DigestStore } from '../../ports/digest-store.ts';
import type { Millis } from '../../ports/types.ts';
import { DAY, MINUTE, nameOf } from './slot-name.ts';

/** Missed slots further back than this are not recorded one by one. */
const LOOK_BACK = 31 * DAY;

export interface ClaimDeps {
  store: Pick<DigestStore, 'slotClocks' | 'claimSlot' | 'skipSlot'>;
  log: Log;
  config: Pick<Config, 'slotGraceMinutes'>;
}

/** Claims every slot that is due at `now`. A slot that was missed by more than the grace time is recorded as skipped. */
export async function claimDue({ store, log, config }: ClaimDeps, now: Millis): Promise<void> {
  for (const { businessId, timeZone, createdAt, lastSlotAt } of await store.slotClocks(now)) {
    const after = Math.max(createdAt, lastSlotAt ?? createdAt, now - LOOK_BACK);
    for (const slot of slotsBetween(timeZone, after, now)) {
      const slotOf = { businessId, timeZone, slot };
      if (now - slot.at <= config.slotGraceMinutes * MINUTE) await store.claimSlot(slotOf, now);
      else if (await store.skipSlot(slotOf, 'too_late', now)) {
        log.warn({ business: businessId, slot: nameOf(slot) }, 'a slot was missed by too much to run');
      }
    }
  }
}
