import { useEffect, useState } from 'preact/hooks';
import { storage } from 'wxt/utils/storage';
import {
  type Account,
  account,
  type Bell,
  type ConnectionRecord,
  connectionRecord,
  type Device,
  device,
  type InboxRefusal,
  inboxRefusal,
  storedBell,
  type ToastHealth,
  toastHealth,
} from '../state.ts';

/** What the worker has stored, as far as the pages show it. */
export interface Stored {
  account: Account | null;
  bell: Bell;
  device: Device;
  connection: ConnectionRecord;
  health: ToastHealth;
  inboxRefusal: InboxRefusal | null;
}

/** Read before the first paint: a few milliseconds, and no network in it. */
export async function readStored(): Promise<Stored> {
  // One question to the browser, not one for each.
  const items = await storage.getItems([account, storedBell, device, connectionRecord, toastHealth, inboxRefusal]);
  const [a, b, d, c, h, i] = items.map(({ value }) => value);
  return { account: a, bell: b, device: d, connection: c, health: h, inboxRefusal: i };
}

/** `first`, and from then on whatever the worker stores. */
export function useStored(first: Stored): Stored {
  const [stored, set] = useState(first);
  useEffect(() => {
    const changed: Partial<Stored> = {};
    const put = (change: Partial<Stored>) => {
      Object.assign(changed, change);
      set((before) => ({ ...before, ...change }));
    };
    const ends = [
      account.watch((value) => put({ account: value })),
      storedBell.watch((value) => put({ bell: value })),
      device.watch((value) => put({ device: value })),
      connectionRecord.watch((value) => put({ connection: value })),
      toastHealth.watch((value) => put({ health: value })),
      inboxRefusal.watch((value) => put({ inboxRefusal: value })),
    ];
    // Once more, for what was stored between the first reading and the watching. A change that came meanwhile is
    // newer than what this reading may bring.
    readStored().then((read) => {
      const newest = { ...read, ...changed };
      // Mostly nothing was: then what is drawn is not made again, while the page is about to be painted.
      set((before) => (JSON.stringify(newest) === JSON.stringify(before) ? before : newest));
    });
    return () => {
      for (const end of ends) end();
    };
  }, []);
  return stored;
}
