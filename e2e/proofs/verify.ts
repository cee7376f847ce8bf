/** The end of a proof: what was acknowledged against what is stored, and what is stored against what devices have. */
import type { Notification, NotificationsPage } from '@converso/shared';
import SQLite from 'better-sqlite3';
import { type Device, listed } from '../support/device.ts';

/** A store's file, read while nobody or a server has it open. */
export function storedIn(databaseFile: string, businessId: string) {
  const client = new SQLite(databaseFile, { readonly: true });
  const all = (sql: string): string[] => client.prepare(sql).pluck().all(businessId) as string[];
  const events = new Set(all('SELECT event_id FROM processed_events WHERE business_id = ?'));
  const entries = all(
    `SELECT c.id || ' ' || e.entry_id FROM entries e JOIN conversations c ON c.key = e.conversation_key WHERE c.business_id = ?`,
  );
  const integrity = client.pragma('integrity_check', { simple: true });
  client.close();
  return { events, entries, integrity };
}

/** All notifications of the agent that the token is of, newest first, and where the sequence is. */
export async function allNotifications(origin: string, token: string): Promise<NotificationsPage> {
  const headers = { authorization: `Bearer ${token}` };
  const items: Notification[] = [];
  for (;;) {
    const before = items.length === 0 ? '' : `&before=${items.at(-1)!.seq}`;
    const answer = await fetch(`${origin}/v1/notifications?limit=100${before}`, { headers });
    if (answer.status !== 200) throw new Error(`the list was answered ${answer.status}`);
    const page = (await answer.json()) as NotificationsPage;
    items.push(...page.items);
    if (page.items.length < 100) return { ...page, items };
  }
}

/** Waits until the device has what the store has; returns what differs, or null. */
export async function difference(device: Device, page: NotificationsPage, ms: number): Promise<string | null> {
  try {
    await device.until(({ live, cursor }) => live && cursor === String(page.cursor), `cursor ${page.cursor}`, ms);
  } catch (error) {
    return (error as Error).message;
  }
  if (device.unread !== page.unread) return `counts ${device.unread} instead of ${page.unread}`;
  const mine = listed(device.bell);
  if (mine.length !== page.items.length) return `has ${mine.length} notifications instead of ${page.items.length}`;
  const at = mine.findIndex((item, index) => JSON.stringify(item) !== JSON.stringify(page.items[index]));
  return at < 0 ? null : `shows ${JSON.stringify(mine[at])} instead of ${JSON.stringify(page.items[at])}`;
}
