import { requestCode } from '../api.ts';
import { onMessage } from '../messages.ts';
import { changePreferences, refreshMe } from './me.ts';
import { openConversation, openInboxPage } from './open.ts';
import { changeDevice } from './pause.ts';
import { readEverything } from './reads.ts';
import { chosenServer, signIn, signOut } from './session.ts';
import { showTestToast } from './test-toast.ts';
import { checkPermission } from './toast-health.ts';
import type { WorkerLine } from './worker-line.ts';

/** Answers what popup and welcome page ask for. */
export const listenToPages = (line: WorkerLine): void => {
  onMessage('popupOpened', async () => {
    line.connect({ used: true });
    await Promise.all([checkPermission(), refreshMe(), line.poll({ used: true })]);
  });
  onMessage('openConversation', ({ data }) => openConversation(data));
  onMessage('openInbox', () => openInboxPage());
  onMessage('markAllRead', () => readEverything());
  onMessage('setPreferences', ({ data }) => changePreferences(data));
  onMessage('setDevice', ({ data }) => changeDevice(line, data));
  onMessage('testNotification', () => showTestToast());
  onMessage('requestCode', async ({ data }) => {
    const chosen = await chosenServer(data.server);
    return chosen.ok ? requestCode(chosen.server, data.email) : chosen;
  });
  onMessage('signIn', ({ data }) => signIn(line, data));
  onMessage('signOut', () => signOut(line));
};
