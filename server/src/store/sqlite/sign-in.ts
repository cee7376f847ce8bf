import { randomUUID, timingSafeEqual } from 'node:crypto';
import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import { emailKeyOf } from '../../domain/email-key.ts';
import { counterOf, judgeAttempt, mayTry } from '../../domain/sign-in-policy.ts';
import type { SignedIn, SignInAttempt, Store } from '../../ports/store.ts';
import type { Caller } from '../../ports/types.ts';
import type { Db } from './database.ts';
import { agents, businesses, codes, sessions } from './schema/index.ts';

/** Gives the address a code for the challenge, for unknown addresses too. */
export function putCode(
  { orm }: Db,
  { email, codeHash, challengeHash = randomUUID(), expiresAt }: Parameters<Store['putCode']>[0],
): { known: boolean } {
  const emailKey = emailKeyOf(email);
  orm.insert(codes).values({ challengeHash, emailKey, codeHash, expiresAt }).run();
  const holder = orm
    .select({ key: agents.key })
    .from(agents)
    .where(and(eq(agents.emailKey, emailKey), eq(agents.active, true), isNull(agents.mailSuppressed)))
    .get();
  return { known: holder !== undefined };
}

/** The code that the attempt is for: that of its challenge, else the newest of the address. */
function codeFor({ orm }: Db, { challengeHash }: SignInAttempt, emailKey: string) {
  const which = challengeHash === undefined ? eq(codes.emailKey, emailKey) : eq(codes.challengeHash, challengeHash);
  return orm.select().from(codes).where(which).orderBy(desc(codes.key)).limit(1).get();
}

/** Counts the attempt, spends the code and begins the session. To run inside a transaction. */
export function signIn(db: Db, attempt: SignInAttempt): SignedIn {
  const { orm } = db;
  const emailKey = emailKeyOf(attempt.email);
  const counter = counterOf(attempt.challengeHash !== undefined);
  const code = codeFor(db, attempt, emailKey);
  if (code === undefined || !mayTry(code, counter, attempt.now)) return { outcome: 'refused' };

  const isRight = code.emailKey === emailKey && sameHash(code.codeHash, attempt.codeHash);
  const candidates = isRight ? candidatesFor(db, emailKey, attempt.businessId) : [];
  const verdict = judgeAttempt(isRight, candidates);
  if (verdict.outcome === 'choose')
    return { outcome: 'choose', businesses: candidates.map(({ business }) => business) };
  if (verdict.outcome === 'refused') {
    orm
      .update(codes)
      .set({ [counter]: code[counter] + 1 })
      .where(eq(codes.key, code.key))
      .run();
    return { outcome: 'refused' };
  }
  // All codes of the address go: an older one must not become its newest.
  orm.delete(codes).where(eq(codes.emailKey, emailKey)).run();
  return { outcome: 'signed_in', caller: beginSession(db, verdict.candidate, attempt) };
}

type Candidate = ReturnType<typeof candidatesFor>[number];

/** The active agents with this email, of one business or of all, by the business's name. */
const candidatesFor = ({ orm }: Db, emailKey: string, businessId?: string) =>
  orm
    .select({
      agentKey: agents.key,
      agent: { id: agents.id, name: agents.name, email: agents.email, role: agents.role },
      business: { id: businesses.id, name: businesses.name },
    })
    .from(agents)
    .innerJoin(businesses, eq(businesses.id, agents.businessId))
    .where(
      and(
        eq(agents.emailKey, emailKey),
        eq(agents.active, true),
        businessId === undefined ? undefined : eq(agents.businessId, businessId),
      ),
    )
    .orderBy(asc(businesses.name), asc(businesses.id))
    .all();

function beginSession({ orm }: Db, { agentKey, agent, business }: Candidate, attempt: SignInAttempt): Caller {
  const { device, tokenHash, now } = attempt;
  const sessionId = randomUUID();
  orm.insert(sessions).values({ id: sessionId, agentKey, tokenHash, device, createdAt: now, lastUsedAt: now }).run();
  return { sessionId, agentKey, businessId: business.id, agent };
}

/** Takes the same time wherever the two differ. */
function sameHash(stored: string, given: string): boolean {
  const [a, b] = [Buffer.from(stored), Buffer.from(given)];
  return a.length === b.length && timingSafeEqual(a, b);
}
