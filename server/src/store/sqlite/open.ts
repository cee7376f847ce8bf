import { isConversationEvent } from '@converso/shared';
import { emailKeyOf } from '../../domain/email-key.ts';
import type { Affected } from '../../ports/types.ts';
import type { UnguardedStore } from '../guard.ts';
import {
  allowMail,
  batchesWaiting,
  deferBatch,
  emailsOn,
  freezeBatch,
  giveUpBatches,
  leaseBatch,
  settleBatch,
  suppressMail,
} from './batches.ts';
import { openDatabase } from './database.ts';
import { execute } from './execute.ts';
import { groupCommit } from './group-commit.ts';
import { watchHealth } from './health.ts';
import { conversationsPage } from './inbox.ts';
import { ingest } from './ingest.ts';
import { ingestAll } from './ingest-all.ts';
import { groupsOf, isNewsThatConnected, meOf, noteConnected, setPreferences, setUnrepliedEmails } from './me.ts';
import { markRead, notificationsPage } from './notifications.ts';
import {
  addBusiness,
  agentsOf,
  businessesOf,
  figuresOf,
  groupsOfBusiness,
  rotateSecret,
  setTimeZone,
  signingSecrets,
} from './operate.ts';
import { prune } from './prune.ts';
import { callerOf, endSession, noteUse, sessionsOf, signOut } from './sessions.ts';
import { putCode, signIn } from './sign-in.ts';
import { slotFacts } from './slot-facts.ts';
import { abandonSlot, claimSlot, runningSlots, skipSlot, slotClocks, slotRecord } from './slots.ts';
import {
  addSource,
  allSources,
  groupIdsOf,
  peopleOfSource,
  removeSource,
  setPeopleOfSource,
  sourceByKey,
  updateSource,
} from './sources.ts';
import { changesAfter, snapshotOf } from './stream.ts';
import { conversationDetail, transcript } from './thread.ts';
import type { WriteResult } from './unit-of-work.ts';
import { visibleConversation } from './visibility.ts';

/**
 * The Store on one SQLite file. Reads run at once; writes share commits and resolve when they are on disk.
 * @throws if the file cannot be opened or is damaged
 */
export function openSqliteStore(file: string): UnguardedStore {
  const db = openDatabase(file);
  const health = watchHealth(db);
  const { read } = db;
  const { changeCache } = db;
  /** Keeps the written changes in memory, so that open streams need not read them. */
  const publish = async <Result>(writing: Promise<WriteResult<Result>>): Promise<Result> => {
    const { result, revisions } = await writing;
    changeCache.publish(revisions);
    return result;
  };
  /** Drops the affected agents from memory, so that their streams read from the file. */
  const invalidate = async <Result extends { affected: Affected }>(writing: Promise<Result>): Promise<Result> => {
    const result = await writing;
    changeCache.invalidate(result.affected.agents);
    return result;
  };
  const { write, note } = groupCommit(db.client, {
    begun() {
      // What is written to a file that has lost its name would be acknowledged and lost.
      health.checkFile();
      db.directory.refresh();
    },
    undone: db.directory.forget,
    failed: health.writeFailed,
  });

  return {
    signingSecrets: async (businessId, now) => signingSecrets(db, businessId, now),
    ingest: async (delivery, planner) => {
      const ingested = await publish(write(() => ingest(db, delivery, planner)));
      // A removed agent, for example, loses sessions, which no change in memory shows.
      if (ingested.outcome === 'stored' && !isConversationEvent(delivery.event))
        changeCache.invalidate(ingested.affected.agents);
      return ingested;
    },
    execute: (caller, what, now, planner) => publish(write(() => execute(db, caller, what, now, planner))),

    notifications: async (caller, page) => read(() => notificationsPage(db, caller, page)),
    markRead: (caller, selection, now) => invalidate(write(() => markRead(db, caller, selection, now))),
    canSee: async (caller, conversationId) => visibleConversation(db, caller, conversationId) !== null,
    changes: async (sessionId, cursor, limit, now) => read(() => changesAfter(db, sessionId, cursor, limit, now)),
    recentChanges: changeCache.after,
    snapshot: async (sessionId, now) => read(() => snapshotOf(db, sessionId, now)),
    connected: async (caller, now) => {
      if (isNewsThatConnected(db, caller, now)) await note(() => noteConnected(db, caller, now));
    },

    me: async ({ agentKey }) => read(() => meOf(db, agentKey)),
    groupKeys: async ({ agentKey }) => groupsOf(db, agentKey).map(({ key }) => key),
    setPreferences: ({ agentKey }, patch) => invalidate(write(() => setPreferences(db, agentKey, patch))),
    setUnrepliedEmails: (businessId, agentId, on) =>
      invalidate(write(() => setUnrepliedEmails(db, businessId, agentId, on))),

    conversations: async (caller, view, limit) => read(() => conversationsPage(db, caller, view, limit)),
    conversation: async (caller, conversationId) => read(() => conversationDetail(db, caller, conversationId)),
    transcript: async (businessId, conversationId) => read(() => transcript(db, businessId, conversationId)),

    putCode: (code) => write(() => putCode(db, code)),
    signIn: (attempt) => write(() => signIn(db, attempt)),
    callerOf: async (tokenHash, now) => {
      const found = callerOf(db, tokenHash, now);
      if (found?.noteUse) await note(() => noteUse(db, found.caller.sessionId, now));
      return found?.caller ?? null;
    },
    sessions: async (caller) => sessionsOf(db, caller),
    endSession: (caller, sessionId) => invalidate(write(() => endSession(db, caller, sessionId))),

    addBusiness: (business) => write(() => addBusiness(db, business)),
    businesses: async () => businessesOf(db),
    rotateSecret: (businessId, secret, oldUntil) => write(() => rotateSecret(db, businessId, secret, oldUntil)),
    setTimeZone: (businessId, timeZone) => write(() => setTimeZone(db, businessId, timeZone)),
    agents: async (businessId) => read(() => agentsOf(db, businessId)),
    groups: async (businessId) => read(() => groupsOfBusiness(db, businessId)),
    signOut: (businessId, agentId) => invalidate(write(() => signOut(db, businessId, agentId))),

    slotClocks: async (now) => slotClocks(db, now),
    claimSlot: (slot, now, evenIfSkipped = false) => write(() => claimSlot(db, slot, now, evenIfSkipped)),
    skipSlot: (slot, reason, now) => write(() => skipSlot(db, slot, reason, now)),
    slotRecord: async (slot) => slotRecord(db, slot),
    runningSlots: async () => runningSlots(db),
    abandonSlot: (slot, reason, now) => write(() => abandonSlot(db, slot, reason, now)),
    emailsOn: async (businessId, date) => read(() => emailsOn(db, businessId, date)),
    slotFacts: async (businessId) => read(() => slotFacts(db, businessId)),
    freezeBatch: (freeze) => write(() => freezeBatch(db, freeze)),
    giveUpBatches: (now, repeatFor) => write(() => giveUpBatches(db, now, repeatFor)),
    leaseBatch: (now, lease, transport) => write(() => leaseBatch(db, now, lease, transport)),
    settleBatch: (lease, results) => write(() => settleBatch(db, lease, results)),
    deferBatch: (lease, notBefore, neverAccepted) => write(() => deferBatch(db, lease, notBefore, neverAccepted)),
    batchesWaiting: async (slot) => read(() => batchesWaiting(db, slot)),
    allowMail: (businessId, agentId) => write(() => allowMail(db, businessId, agentId)),
    suppressMail: (email, reason) => write(() => suppressMail(db, emailKeyOf(email), reason)),

    source: async (key) => sourceByKey(db, key),
    sources: async () => allSources(db),
    addSource: (source) => write(() => addSource(db, source)),
    updateSource: (key, patch) => write(() => updateSource(db, key, patch)),
    removeSource: (key) => write(() => removeSource(db, key)),
    sourcePeople: async (key, activeOnly) => read(() => peopleOfSource(db, key, activeOnly)),
    setSourcePeople: (key, people) => write(() => setPeopleOfSource(db, key, people)),
    groupIds: async (businessId) => groupIdsOf(db, businessId),
    ingestAll: async (batch, planner) => {
      const ingested = await publish(write(() => ingestAll(db, batch, planner)));
      if (!batch.deliveries.every(({ event }) => isConversationEvent(event)))
        changeCache.invalidate(ingested.affected.agents);
      return ingested;
    },

    prune: (batch) => write(() => prune(db, batch)),

    check: async () => health.check(),
    figures: async () => read(() => figuresOf(db)),
    close: async () => {
      try {
        // What is queued before is committed with it.
        await write(() => undefined);
      } finally {
        db.client.close();
        health.putLogAside();
      }
    },
  };
}
