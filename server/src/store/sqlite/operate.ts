import { randomUUID } from 'node:crypto';
import { and, asc, count, eq, ne } from 'drizzle-orm';
import type { AgentRow, BusinessRow, GroupRow, Store } from '../../ports/store.ts';
import type { Millis } from '../../ports/types.ts';
import type { Db } from './database.ts';
import { preferenceColumns } from './me.ts';
import {
  agents,
  businesses,
  conversationIsOpen,
  conversations,
  groupMembers,
  groups,
  notificationIsOpen,
  notifications,
  sessions,
} from './schema/index.ts';

/** The business's secrets that hold at `now`, newest first. */
export function signingSecrets(db: Db, businessId: string, now: Millis): string[] {
  const row = db
    .sql<{ secret: string; previous: string | null }>(
      `SELECT secret, CASE WHEN previous_secret_until > ? THEN previous_secret END AS previous
       FROM businesses WHERE id = ?`,
    )
    .get(now, businessId);
  return row === undefined ? [] : [row.secret, ...(row.previous === null ? [] : [row.previous])];
}

/** Adds a business; one that exists stays as it is, its secret too. */
export function addBusiness(
  { orm }: Db,
  { id = `b_${randomUUID().replaceAll('-', '').slice(0, 12)}`, now, ...business }: Parameters<Store['addBusiness']>[0],
): { outcome: 'added' | 'exists'; id: string; secret: string } {
  const known = orm.select({ secret: businesses.secret }).from(businesses).where(eq(businesses.id, id)).get();
  if (known !== undefined) return { outcome: 'exists', id, secret: known.secret };
  orm
    .insert(businesses)
    .values({ ...business, id, createdAt: now })
    .run();
  return { outcome: 'added', id, secret: business.secret };
}

export const businessesOf = ({ orm }: Db): BusinessRow[] =>
  orm
    .select({
      id: businesses.id,
      name: businesses.name,
      timeZone: businesses.timeZone,
      createdAt: businesses.createdAt,
    })
    .from(businesses)
    .orderBy(asc(businesses.createdAt), asc(businesses.id))
    .all();

/** Gives a business a new secret; the one it had holds until `oldUntil`, or no longer. False for an unknown business. */
export function rotateSecret({ orm }: Db, businessId: string, secret: string, oldUntil: Millis | null): boolean {
  const previousSecret = oldUntil === null ? null : businesses.secret;
  const { changes } = orm
    .update(businesses)
    .set({ previousSecret, previousSecretUntil: oldUntil, secret })
    .where(eq(businesses.id, businessId))
    .run();
  return changes > 0;
}

/** False for an unknown business. */
export const setTimeZone = ({ orm }: Db, businessId: string, timeZone: string): boolean =>
  orm.update(businesses).set({ timeZone }).where(eq(businesses.id, businessId)).run().changes > 0;

/** The business's agents by id, deactivated ones too. */
export function agentsOf({ orm }: Db, businessId: string): AgentRow[] {
  const memberships = orm
    .select({ agentId: groupMembers.agentId, groupId: groups.id })
    .from(groups)
    .innerJoin(groupMembers, eq(groupMembers.groupKey, groups.key))
    .where(and(eq(groups.businessId, businessId), eq(groups.active, true)))
    .orderBy(asc(groups.id))
    .all();
  const groupsByAgent = Map.groupBy(memberships, ({ agentId }) => agentId);
  return (
    orm
      .select({
        id: agents.id,
        name: agents.name,
        email: agents.email,
        role: agents.role,
        active: agents.active,
        preferences: preferenceColumns,
        lastConnectedAt: agents.lastConnectedAt,
        mailSuppressed: agents.mailSuppressed,
      })
      .from(agents)
      // Of an agent without an email only the removal is known.
      .where(and(eq(agents.businessId, businessId), ne(agents.email, '')))
      .orderBy(asc(agents.id))
      .all()
      .map((agent) => ({ ...agent, groups: (groupsByAgent.get(agent.id) ?? []).map(({ groupId }) => groupId) }))
  );
}

/** The business's groups by id, without removed ones. */
export const groupsOfBusiness = ({ orm }: Db, businessId: string): GroupRow[] =>
  orm
    .select({ key: groups.key, id: groups.id, name: groups.name })
    .from(groups)
    .where(and(eq(groups.businessId, businessId), eq(groups.active, true)))
    .orderBy(asc(groups.id))
    .all()
    .map(({ key, id, name }) => ({
      id,
      name,
      agentIds: orm
        .select({ agentId: groupMembers.agentId })
        .from(groupMembers)
        .where(eq(groupMembers.groupKey, key))
        .orderBy(asc(groupMembers.agentId))
        .all()
        .map(({ agentId }) => agentId),
      openConversations: orm
        .select({ n: count() })
        .from(conversations)
        .where(and(eq(conversations.groupKey, key), conversationIsOpen))
        .get()!.n,
    }));

/** How much there is of everything that grows, and of what is in use. */
export function figuresOf({ orm }: Db): Awaited<ReturnType<Store['figures']>> {
  const first = (row: { n: number } | undefined): number => row!.n;
  const n = count();
  return {
    businesses: first(orm.select({ n }).from(businesses).get()),
    agents: first(orm.select({ n }).from(agents).where(eq(agents.active, true)).get()),
    openConversations: first(orm.select({ n }).from(conversations).where(conversationIsOpen).get()),
    openNotifications: first(orm.select({ n }).from(notifications).where(notificationIsOpen).get()),
    sessions: first(orm.select({ n }).from(sessions).get()),
  };
}
