/**
 * A year of a large business, in a file: two million messages in half a million conversations, and of all else what
 * retention leaves. It takes minutes, so it is made once on a machine and kept for a day, because what is in it ages.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plan } from '@converso/server/src/domain/plan.ts';
import { hashToken } from '@converso/server/src/services/token.ts';
import { openStore } from '@converso/server/src/store/open.ts';
import { openDatabase } from '@converso/server/src/store/sqlite/database.ts';
import type { IngestEvent } from '@converso/shared';
import { makePopulation, type Population, TEAMS_OF_20 } from './population.ts';
import { copyConversations } from './year-copies.ts';
import { addYearOfEmails } from './year-emails.ts';

export interface Year {
  /** The population, on a file with nothing but them. */
  population: Population;
  /** The same people, and their year. */
  databaseFile: string;
  conversations: number;
}

const CACHE = join(tmpdir(), 'converso-bench-year');
const KEPT_MS = 24 * 60 * 60 * 1000;
/** Groups whose year it is: a thousand agents. */
const BUSY_GROUPS = 50;
const WAITING_A_GROUP = 5;
const CUSTOMERS = 200_000;
const MIGRATIONS = join(import.meta.dirname, '../../server/src/store/sqlite/migrations');
const GENERATOR = ['population.ts', 'year.ts', 'year-copies.ts', 'year-emails.ts'];

/** Different for each schema, generator and size. */
function nameOf(agents: number, conversations: number): string {
  const hash = createHash('sha256').update(`${agents} ${conversations}`);
  for (const file of readdirSync(MIGRATIONS)
    .filter((name) => name.endsWith('.sql'))
    .toSorted())
    hash.update(readFileSync(join(MIGRATIONS, file)));
  for (const file of GENERATOR) hash.update(readFileSync(join(import.meta.dirname, file)));
  return hash.digest('hex').slice(0, 16);
}

/** What nobody will use again would only fill the disk. */
function removeStale(): void {
  for (const name of existsSync(CACHE) ? readdirSync(CACHE) : []) {
    const folder = join(CACHE, name);
    if (statSync(folder).mtimeMs < Date.now() - KEPT_MS) rmSync(folder, { recursive: true, force: true });
  }
}

/** The file, from the cache or made now. */
export async function yearOf(agents: number, conversations: number): Promise<Year> {
  const folder = join(CACHE, nameOf(agents, conversations));
  const castFile = join(folder, 'population.json');
  if (!existsSync(castFile) || statSync(castFile).mtimeMs < Date.now() - KEPT_MS)
    await make(folder, agents, conversations);
  const known = JSON.parse(readFileSync(castFile, 'utf8')) as Omit<Population, 'databaseFile' | 'remove'>;
  return {
    population: { ...known, databaseFile: join(folder, 'population.db'), remove: () => undefined },
    databaseFile: join(folder, 'year.db'),
    conversations,
  };
}

async function make(folder: string, agents: number, conversations: number): Promise<void> {
  console.error(`A year of ${conversations.toLocaleString('en')} conversations is written to ${folder} …`);
  const building = `${folder}.building`;
  removeStale();
  rmSync(folder, { recursive: true, force: true });
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true, mode: 0o700 });
  const { databaseFile, remove, ...known } = await makePopulation(agents);
  const year = join(building, 'year.db');
  cpSync(databaseFile, join(building, 'population.db'));
  cpSync(databaseFile, year);
  remove();
  const templates = await tellTemplates(year, known.businessId, Math.min(BUSY_GROUPS, agents / TEAMS_OF_20.size));
  multiply(year, known.businessId, templates, conversations);
  await verify(year, known.tokens[0]!);
  writeFileSync(join(building, 'population.json'), JSON.stringify(known));
  renameSync(building, folder);
}

interface Templates {
  over: string[];
  waiting: string[];
}

/** For each group one conversation that is over and one that waits, told to the real store as events. */
async function tellTemplates(file: string, businessId: string, groups: number): Promise<Templates> {
  const store = openStore(`file:${file}`);
  const templates: Templates = { over: [], waiting: [] };
  try {
    const now = Date.now();
    const tell = async (minute: number, type: IngestEvent['type'], data: object): Promise<void> => {
      const event = { type, timestamp: new Date(now + (minute - 60) * 60_000).toISOString(), data } as IngestEvent;
      const delivery = { businessId, eventId: randomUUID(), event, receivedAt: now };
      const { outcome } = await store.ingest(delivery, plan);
      if (outcome !== 'stored') throw new Error(`${type} was ${outcome}`);
    };
    for (let group = 0; group < groups; group += 1) {
      const agentId = `agent-${group * TEAMS_OF_20.size}`;
      const conversationOf = (id: string) => ({
        id,
        groupId: `${TEAMS_OF_20.groupPrefix}${group}`,
        channel: 'whatsapp',
      });
      const message = (text: string) => ({ id: randomUUID(), text });
      const from = { address: `+3460000${String(group).padStart(4, '0')}`, name: `Customer ${group}` };
      const over = conversationOf(`template-over-${group}`);
      await tell(0, 'message.received', { conversation: over, from, message: message(QUESTION) });
      await tell(3, 'conversation.assigned', { conversation: over, assignee: { agentId }, by: { agentId } });
      await tell(4, 'message.sent', { conversation: over, by: { agentId }, message: message(ANSWER) });
      await tell(9, 'message.received', { conversation: over, from, message: message(QUESTION) });
      await tell(12, 'message.sent', { conversation: over, by: { agentId }, message: message(ANSWER) });
      await tell(20, 'conversation.closed', { conversation: over, by: { agentId } });
      const waiting = conversationOf(`template-waiting-${group}`);
      await tell(50, 'message.received', { conversation: waiting, from, message: message(QUESTION) });
      templates.over.push(over.id);
      templates.waiting.push(waiting.id);
    }
  } finally {
    await store.close();
  }
  return templates;
}

const QUESTION = 'Hello, is the flat free in the first week of May, and may we bring our dog? He is small and quiet.';
const ANSWER = 'Good morning! It is free from the 2nd to the 9th, and your dog is welcome. Shall I book it for you?';

function multiply(file: string, businessId: string, { over, waiting }: Templates, conversations: number): void {
  const { client } = openDatabase(file);
  try {
    // Nothing is at stake here; the file becomes what it was at the end.
    for (const setting of ['journal_mode = OFF', 'synchronous = OFF', 'foreign_keys = OFF', 'cache_size = -1000000'])
      client.pragma(setting);
    const keyOf = client.prepare('SELECT key FROM conversations WHERE id = ?').pluck();
    const now = Date.now();
    copyConversations(client, {
      over: over.map((id) => keyOf.get(id) as number),
      waiting: waiting.map((id) => keyOf.get(id) as number),
      overCount: conversations,
      waitingCount: waiting.length * WAITING_A_GROUP,
      now,
    });
    addYearOfEmails(client, businessId, now);
    client.exec(`INSERT INTO identities (business_id, kind, value, is_contact, saved_name, saved_at, saved_by)
      WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < ${CUSTOMERS})
      SELECT '${businessId}', 'address', printf('+447%09d', n), 1, 'Customer ' || n, ${now}, 'year' FROM n`);
    const broken = client.pragma('foreign_key_check') as unknown[];
    if (broken.length > 0) throw new Error(`${broken.length} rows of the year refer to nothing. Adapt year-copies.ts.`);
    client.pragma('journal_mode = WAL');
  } finally {
    client.close();
  }
}

/** The real store must see in it what was meant: it may keep figures that SQL behind its back leaves wrong. */
async function verify(file: string, token: string): Promise<void> {
  const store = openStore(`file:${file}`);
  try {
    const now = Date.now();
    const caller = await store.callerOf(hashToken(token), now);
    if (caller === null) throw new Error('The population cannot sign in to the year.');
    const snapshot = await store.snapshot(caller.sessionId, now);
    if (snapshot.outcome !== 'snapshot') throw new Error(`The year gives no snapshot but ${snapshot.outcome}.`);
    const open = snapshot.items.filter(({ state }) => state === 'open').length;
    const expected = WAITING_A_GROUP + 1;
    if (open !== expected || snapshot.unread !== expected)
      throw new Error(
        `An agent has ${open} open, ${snapshot.unread} unread in place of ${expected}. Adapt year-copies.ts.`,
      );
    if (snapshot.items.length < 50)
      throw new Error(`The latest are but ${snapshot.items.length}. Adapt year-copies.ts.`);
  } finally {
    await store.close();
  }
}
