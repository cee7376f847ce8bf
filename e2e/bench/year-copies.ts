/**
 * Multiplying real conversations by SQL. A few were made by the real store; here they are copied with all that belongs
 * to them, hundreds of thousands of times. Columns are read from the database, and only those named here are changed:
 * a new column is copied along, and one that was renamed or removed is an error.
 */
import type SQLite from 'better-sqlite3';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Ended notifications and the ids of events are kept for 30 days; this is on the safe side of it. */
const KEPT_MS = 29 * DAY_MS;

export interface Copies {
  /** Keys of conversations that are over, and of such that wait for an answer. */
  over: number[];
  waiting: number[];
  /** How many of each there shall be. */
  overCount: number;
  waitingCount: number;
  /** Epoch milliseconds. */
  now: number;
}

/** `INSERT` of all columns of a table from rows `t` of the same table, those in `changed` by their expression. */
function copying(client: SQLite.Database, table: string, changed: Record<string, string>, from: string): string {
  const columns = (client.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
  const unknown = Object.keys(changed).filter((name) => !columns.includes(name));
  if (columns.length === 0 || unknown.length > 0)
    throw new Error(
      `The schema has changed: ${table} has no ${unknown.join(', ') || 'columns'}. Adapt year-copies.ts.`,
    );
  const values = columns.map((name) => changed[name] ?? `t.${name}`);
  return `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM ${from}`;
}

/** Copies them, spread evenly over the year before `now`; those that wait are of the last day. */
export function copyConversations(client: SQLite.Database, copies: Copies): void {
  const { now, overCount, waitingCount } = copies;
  const one = (sql: string): number => Number(client.prepare(sql).pluck().get() ?? 0);
  const firstKey = one('SELECT max(key) FROM conversations') + 1;
  client.exec('CREATE TEMP TABLE copies (key INTEGER PRIMARY KEY, template INTEGER NOT NULL, at INTEGER NOT NULL)');
  const add = client.prepare('INSERT INTO copies VALUES (?, ?, ?)');
  const lay = (templates: number[], count: number, offset: number, from: number): void => {
    for (let n = 0; n < count; n += 1) {
      const at = Math.round(from + ((now - from) * n) / count);
      add.run(firstKey + offset + n, templates[n % templates.length], at);
    }
  };
  client.transaction(() => {
    lay(copies.over, overCount, 0, now - 365 * DAY_MS);
    lay(copies.waiting, waitingCount, overCount, now - DAY_MS);
  })();

  // An entry or a notification of a copy is as long after its beginning as the template's is after the template's.
  client.exec(`CREATE TEMP TABLE templates AS SELECT conversation_key AS key, min(at) AS began FROM entries
    WHERE conversation_key IN (SELECT template FROM copies) GROUP BY 1`);
  const shifted = (column: string): string => `t.${column} - b.began + c.at`;
  const withTemplate = 'copies c JOIN templates b ON b.key = c.template JOIN';
  client.exec(
    copying(
      client,
      'conversations',
      {
        key: 'c.key',
        id: "'year-' || c.key",
        updated_at: shifted('updated_at'),
        waiting_since: shifted('waiting_since'),
        // Of its own contents, if it has any; they are copied below.
        content_id: 'NULL',
      },
      `${withTemplate} conversations t ON t.key = c.template ORDER BY c.key`,
    ),
  );
  client.exec(
    copying(
      client,
      'entries',
      { conversation_key: 'c.key', at: shifted('at') },
      `${withTemplate} entries t ON t.conversation_key = c.template ORDER BY c.key, t.at`,
    ),
  );
  copyNotifications(client, withTemplate, shifted, now);
}

/** Only of those that retention leaves. Each agent's are numbered on, in the order in which they began. */
function copyNotifications(
  client: SQLite.Database,
  withTemplate: string,
  shifted: (column: string) => string,
  now: number,
): void {
  client.exec(`DELETE FROM copies WHERE at < ${now - KEPT_MS}`);
  client.exec(`CREATE TEMP TABLE shown AS
    SELECT conversation_key AS template, content_id AS id, row_number() OVER (PARTITION BY conversation_key) AS place
    FROM (SELECT DISTINCT conversation_key, content_id FROM notifications
          WHERE content_id IS NOT NULL AND conversation_key IN (SELECT key FROM templates))`);
  // Ids of contents go up with time, as they do when they are given one by one.
  client.exec(`CREATE TEMP TABLE content_copies AS
    SELECT c.key, s.id AS old, (SELECT max(id) FROM contents) + row_number() OVER (ORDER BY c.key, s.place) AS id
    FROM copies c JOIN shown s ON s.template = c.template`);
  client.exec('CREATE INDEX temp.content_copies_by_key ON content_copies (key, old)');
  client.exec(
    copying(client, 'contents', { id: 'n.id' }, 'content_copies n JOIN contents t ON t.id = n.old ORDER BY n.id'),
  );

  client.exec('CREATE TEMP TABLE seqs AS SELECT agent_key, seq FROM tallies');
  client.exec('CREATE UNIQUE INDEX temp.seqs_by_agent ON seqs (agent_key)');
  const nextSeq = 's.seq + row_number() OVER (PARTITION BY t.agent_key ORDER BY c.key)';
  client.exec(
    copying(
      client,
      'notifications',
      {
        id: 'lower(hex(randomblob(16)))',
        conversation_key: 'c.key',
        // Open ones show what their conversation does.
        content_id: 'n.id',
        seq: nextSeq,
        ended: `iif(t.ended = 0, 0, ${nextSeq})`,
        alerted_seq: `iif(t.alerted_seq = 0, 0, ${nextSeq})`,
        created_at: shifted('created_at'),
        updated_at: shifted('updated_at'),
      },
      `${withTemplate} notifications t ON t.conversation_key = c.template
       LEFT JOIN content_copies n ON n.key = c.key AND n.old = t.content_id JOIN seqs s ON s.agent_key = t.agent_key
       ORDER BY c.key, t.agent_key`,
    ),
  );
  client.exec(
    `UPDATE tallies SET unread = n.open, seq = max(tallies.seq, n.seq)
     FROM (SELECT agent_key, max(seq) AS seq, sum(ended = 0) AS open FROM notifications GROUP BY 1) n
     WHERE n.agent_key = tallies.agent_key`,
  );
  // As many events as entries, by and large in the order in which they came.
  client.exec(
    `INSERT INTO processed_events (business_id, event_id, at)
     SELECT v.business_id, lower(hex(randomblob(16))), e.at
     FROM copies c JOIN conversations v ON v.key = c.key JOIN entries e ON e.conversation_key = c.key`,
  );
}
