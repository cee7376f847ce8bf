import { defineBackground } from 'wxt/utils/define-background';
import { listenToPresence } from '../background/bell/presence.ts';
import { createWorkerConnection } from '../background/connection/start-connection.ts';
import { listenToPermissions } from '../background/inbox/inbox-address.ts';
import { begin, listenToTimes } from '../background/listeners/lifecycle.ts';
import { listenToPages } from '../background/listeners/messages.ts';
import { listenToTabs } from '../background/listeners/tab-events.ts';
import { listenToToasts } from '../background/listeners/toast-clicks.ts';

// Nothing is awaited before the last listener is registered: a later one would miss the event that started the worker.
export default defineBackground(() => {
  const connection = createWorkerConnection();
  listenToTimes(connection);
  listenToToasts();
  listenToTabs(connection);
  listenToPages(connection);
  listenToPresence(connection);
  listenToPermissions();
  begin(connection);
});
