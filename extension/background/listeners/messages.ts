import { requestCode } from '../../api.ts';
import { onMessage } from '../../messages.ts';
import { changeDevice } from '../bell/pause.ts';
import { readEverything } from '../bell/reads.ts';
import { changePreferences, refreshMe } from '../connection/me.ts';
import { chosenServer, signIn, signOut } from '../connection/session.ts';
import type { WorkerConnection } from '../connection/start-connection.ts';
import { openConversation, openInboxPage } from '../inbox/open.ts';
import { showTestToast } from '../toasts/test-toast.ts';
import { checkPermission } from '../toasts/toast-health.ts';

/** Answers what popup and welcome page ask for. */
export const listenToPages = (connection: WorkerConnection): void => {
  onMessage('popupOpened', async () => {
    connection.connect({ used: true });
    await Promise.all([checkPermission(), refreshMe(), connection.poll({ used: true })]);
  });
  onMessage('openConversation', ({ data }) => openConversation(data));
  onMessage('openInbox', () => openInboxPage());
  onMessage('markAllRead', () => readEverything());
  onMessage('setPreferences', ({ data }) => changePreferences(data));
  onMessage('setDevice', ({ data }) => changeDevice(connection, data));
  onMessage('testNotification', () => showTestToast());
  onMessage('requestCode', async ({ data }) => {
    const chosen = await chosenServer(data.server);
    return chosen.ok ? requestCode(chosen.server, data.email) : chosen;
  });
  onMessage('signIn', ({ data }) => signIn(connection, data));
  onMessage('signOut', () => signOut(connection));
};
