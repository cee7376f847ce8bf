import { defineBackground } from 'wxt/utils/define-background';
import { listenToPermissions } from '../background/inbox-address.ts';
import { listenToPages } from '../background/pages.ts';
import { listenToPresence } from '../background/presence.ts';
import { listenToTabs } from '../background/tab-changes.ts';
import { begin, listenToTimes } from '../background/times.ts';
import { listenToToasts } from '../background/toast-clicks.ts';
import { createWorkerLine } from '../background/worker-line.ts';

// Nothing is awaited before the last listener is registered: a later one would miss the event that started the worker.
export default defineBackground(() => {
  const line = createWorkerLine();
  listenToTimes(line);
  listenToToasts();
  listenToTabs(line);
  listenToPages(line);
  listenToPresence(line);
  listenToPermissions();
  begin(line);
});
