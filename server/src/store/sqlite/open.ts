import { emailKeyOf } from '../../domain/email-key.ts';
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
import { streamsMustRead, streamsUnaffected, type WriteResult } from './unit-of-work.ts';
import { visibleConversation } from './visibility.ts';

/**
 * The Store on one SQLite file. Reads run at once; writes share commits and resolve when they are on disk.
 * @throws if the file cannot be opened or is damaged
 */
export function openSqliteStore(file: string): UnguardedStore {
  const db = openDatabase(file);
  const health = watchHealth(db);
  const { changeCache, read } = db;
  const { write: commit, note } = groupCommit(db.client, {
    begun() {
      // What is written to a file that has lost its name would be acknowledged and lost.
      health.checkFile();
      db.directory.refresh();
    },
    undone: db.directory.forget,
    failed: health.writeFailed,
  });

  /** Every write goes through here: once it is on disk, streams can continue from the cache, or have to read. */
  async function write<Result>(operation: () => WriteResult<Result>): Promise<Result> {
    const { result, revisions, mustRead } = await commit(operation);
    changeCache.publish(revisions);
    changeCache.invalidate(mustRead);
    return result;
  }

  return {
    signingSecrets: async (businessId, now) => signingSecrets(db, businessId, now),
    ingest: (delivery, planner) => write(() => ingest(db, delivery, planner)),
    execute: (caller, what, now, planner) => write(() => execute(db, caller, what, now, planner)),

    notifications: async (caller, page) => read(() => notificationsPage(db, caller, page)),
    markRead: (caller, selection, now) => write(() => streamsMustRead(markRead(db, caller, selection, now))),
    canSee: async (caller, conversationId) => visibleConversation(db, caller, conversationId) !== null,
    changes: async (sessionId, cursor, limit, now) => read(() => changesAfter(db, sessionId, cursor, limit, now)),
    recentChanges: changeCache.after,
    snapshot: async (sessionId, now) => read(() => snapshotOf(db, sessionId, now)),
    connected: async (caller, now) => {
      if (isNewsThatConnected(db, caller, now)) await note(() => noteConnected(db, caller, now));
    },

    me: async ({ agentKey }) => read(() => meOf(db, agentKey)),
    groupKeys: async ({ agentKey }) => groupsOf(db, agentKey).map(({ key }) => key),
    setPreferences: ({ agentKey }, patch) => write(() => streamsMustRead(setPreferences(db, agentKey, patch))),
    setUnrepliedEmails: (businessId, agentId, on) =>
      write(() => streamsMustRead(setUnrepliedEmails(db, businessId, agentId, on))),

    conversations: async (caller, view, limit) => read(() => conversationsPage(db, caller, view, limit)),
    conversation: async (caller, conversationId) => read(() => conversationDetail(db, caller, conversationId)),
    transcript: async (businessId, conversationId) => read(() => transcript(db, businessId, conversationId)),

    putCode: (code) => write(() => streamsUnaffected(putCode(db, code))),
    signIn: (attempt) => write(() => streamsUnaffected(signIn(db, attempt))),
    callerOf: async (tokenHash, now) => {
      const found = callerOf(db, tokenHash, now);
      if (found?.noteUse) await note(() => noteUse(db, found.caller.sessionId, now));
      return found?.caller ?? null;
    },
    sessions: async (caller) => sessionsOf(db, caller),
    endSession: (caller, sessionId) => write(() => streamsMustRead(endSession(db, caller, sessionId))),

    addBusiness: (business) => write(() => streamsUnaffected(addBusiness(db, business))),
    businesses: async () => businessesOf(db),
    rotateSecret: (businessId, secret, oldUntil) =>
      write(() => streamsUnaffected(rotateSecret(db, businessId, secret, oldUntil))),
    setTimeZone: (businessId, timeZone) => write(() => streamsUnaffected(setTimeZone(db, businessId, timeZone))),
    agents: async (businessId) => read(() => agentsOf(db, businessId)),
    groups: async (businessId) => read(() => groupsOfBusiness(db, businessId)),
    signOut: (businessId, agentId) => write(() => streamsMustRead(signOut(db, businessId, agentId))),

    slotClocks: async (now) => slotClocks(db, now),
    claimSlot: (slot, now, evenIfSkipped = false) =>
      write(() => streamsUnaffected(claimSlot(db, slot, now, evenIfSkipped))),
    skipSlot: (slot, reason, now) => write(() => streamsUnaffected(skipSlot(db, slot, reason, now))),
    slotRecord: async (slot) => slotRecord(db, slot),
    runningSlots: async () => runningSlots(db),
    abandonSlot: (slot, reason, now) => write(() => streamsUnaffected(abandonSlot(db, slot, reason, now))),
    emailsOn: async (businessId, date) => read(() => emailsOn(db, businessId, date)),
    slotFacts: async (businessId) => read(() => slotFacts(db, businessId)),
    freezeBatch: (freeze) => write(() => streamsUnaffected(freezeBatch(db, freeze))),
    giveUpBatches: (now, repeatFor) => write(() => streamsUnaffected(giveUpBatches(db, now, repeatFor))),
    leaseBatch: (now, lease, transport) => write(() => streamsUnaffected(leaseBatch(db, now, lease, transport))),
    settleBatch: (lease, results) => write(() => streamsUnaffected(settleBatch(db, lease, results))),
    deferBatch: (lease, notBefore, neverAccepted) =>
      write(() => streamsUnaffected(deferBatch(db, lease, notBefore, neverAccepted))),
    batchesWaiting: async (slot) => read(() => batchesWaiting(db, slot)),
    allowMail: (businessId, agentId) => write(() => streamsUnaffected(allowMail(db, businessId, agentId))),
    suppressMail: (email, reason) => write(() => streamsUnaffected(suppressMail(db, emailKeyOf(email), reason))),

    source: async (key) => sourceByKey(db, key),
    sources: async () => allSources(db),
    addSource: (source) => write(() => streamsUnaffected(addSource(db, source))),
    updateSource: (key, patch) => write(() => streamsUnaffected(updateSource(db, key, patch))),
    removeSource: (key) => write(() => streamsUnaffected(removeSource(db, key))),
    sourcePeople: async (key, activeOnly) => read(() => peopleOfSource(db, key, activeOnly)),
    setSourcePeople: (key, people) => write(() => streamsUnaffected(setPeopleOfSource(db, key, people))),
    groupIds: async (businessId) => groupIdsOf(db, businessId),
    ingestAll: (batch, planner) => write(() => ingestAll(db, batch, planner)),

    prune: (batch) => write(() => streamsUnaffected(prune(db, batch))),

    check: async () => health.check(),
    figures: async () => read(() => figuresOf(db)),
    close: async () => {
      try {
        // What is queued before is committed with it.
        await commit(() => undefined);
      } finally {
        db.client.close();
        health.putLogAside();
      }
    },
  };
}
