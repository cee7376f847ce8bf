import type SQLite from 'better-sqlite3';

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long the ledger is kept. */
const LEDGER_DAYS = 89;
const SLOTS = ['08:00', '11:00', '14:00', '17:00'];
/** Agents who get an email at each slot, each about so many messages. */
const EMAILS_A_SLOT = 100;
const MESSAGES_AN_EMAIL = 2;

/** What a year of scheduled emails leaves: slots, sent emails without their bodies, and the ledger of the last months. */
export function addYearOfEmails(client: SQLite.Database, businessId: string, now: number): void {
  const slot = client.prepare(
    `INSERT INTO slots (business_id, date, time, time_zone, at, status, recorded_at) VALUES (?, ?, ?, 'Europe/Madrid', ?, 'done', ?)`,
  );
  const batch = client.prepare(
    `INSERT INTO batches (id, emails, status, attempts, first_attempt_at, not_before, created_at)
     VALUES (?, NULL, 'settled', 1, ?, ?, ?)`,
  );
  const digests = client.prepare(
    `INSERT INTO digests (slot_key, agent_key, batch_id, position, status, created_at)
     SELECT :slot, key, :batch, row_number() OVER () - 1, 'sent', :at
     FROM (SELECT key FROM agents WHERE business_id = :business AND active = 1 LIMIT :count OFFSET :offset)`,
  );
  const ledger = client.prepare(
    `INSERT INTO digest_messages (agent_key, conversation_key, message_id, digest_key)
     SELECT d.agent_key, e.conversation_key, substr(e.entry_id, 3), d.key
     FROM (SELECT key, agent_key, row_number() OVER () AS n FROM digests WHERE slot_key = :slot) d
     JOIN (SELECT conversation_key, min(entry_id) AS entry_id, row_number() OVER () AS n
           FROM entries WHERE entry_id LIKE 'm:%' AND conversation_key >= :from GROUP BY conversation_key LIMIT :count) e
       ON (e.n - 1) / :each = d.n - 1`,
  );
  const [first, last] = client.prepare('SELECT min(key), max(key) FROM conversations').raw().get() as [number, number];
  const count = EMAILS_A_SLOT * MESSAGES_AN_EMAIL;
  client.transaction(() => {
    for (let day = 365; day > 0; day -= 1) {
      const date = new Date(now - day * DAY_MS).toISOString().slice(0, 10);
      SLOTS.forEach((time, index) => {
        const at = Date.parse(`${date}T${time}Z`);
        const slotKey = slot.run(businessId, date, time, at, at).lastInsertRowid;
        const id = `year-${date}-${time}`;
        batch.run(id, at, at, at);
        const offset = (index * EMAILS_A_SLOT) % 500;
        digests.run({ slot: slotKey, batch: id, at, business: businessId, count: EMAILS_A_SLOT, offset });
        if (day > LEDGER_DAYS) return;
        const from = Math.round(last - ((last - first) * day) / 365) + index * count;
        ledger.run({ slot: slotKey, from, count, each: MESSAGES_AN_EMAIL });
      });
    }
  })();
}
