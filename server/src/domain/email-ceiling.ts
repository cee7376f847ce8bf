import type { SlotPlan } from './unreplied.ts';

/**
 * Leaves out the emails of a slot that are beyond what a business may still get on that day. They are recorded as
 * skipped and stay out of the ledger, so a later day emails what still waits. Those whose chats wait longest go first.
 * @param left emails that the business may still get on the slot's date
 */
export function withinCeiling({ digests, skipped }: SlotPlan, left: number): SlotPlan {
  const over = digests.slice(Math.max(0, left));
  if (over.length === 0) return { digests, skipped };
  return {
    digests: digests.slice(0, Math.max(0, left)),
    skipped: [...skipped, ...over.map(({ agent }) => ({ agentId: agent.id, reason: 'daily_limit' as const }))],
  };
}
