import { storage } from 'wxt/utils/storage';
import type { ManagedSettings } from '../../state.ts';

/** What the administrator has set; nothing where there is no policy. */
export async function readPolicy(): Promise<ManagedSettings> {
  const [server, lockServer, allowHttp] = await Promise.all([
    storage.getItem<string>('managed:server'),
    storage.getItem<boolean>('managed:lockServer'),
    storage.getItem<boolean>('managed:allowHttp'),
  ]);
  return { ...(server ? { server } : {}), lockServer: lockServer === true, allowHttp: allowHttp === true };
}
