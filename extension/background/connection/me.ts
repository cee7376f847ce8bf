import type { Preferences } from '@converso/shared';
import { getMe, patchPreferences } from '../../api.ts';
import { withPreferences } from '../../domain/bell.ts';
import type { Result } from '../../messages.ts';
import { account, storedBell, summaryConversationIds } from '../../state.ts';
import { bellQueue, storeBell } from '../bell/bell.ts';
import { checkInbox } from '../inbox/inbox-address.ts';
import { clearToast, conversationOf, SUMMARY_TOAST, toastsOnScreen } from '../toasts/toast.ts';

/** Toasts that were switched off leave the screen; the bell still tells of them. */
export const withdrawIfOff = async ({ messageNotifications }: Preferences): Promise<void> => {
  if (messageNotifications) return;
  for (const id of await toastsOnScreen()) {
    if (id === SUMMARY_TOAST || conversationOf(id) !== null) await clearToast(id);
  }
  await summaryConversationIds.setValue([]);
};

/** Changes the agent's preferences, on every device. */
export const changePreferences = async (patch: Partial<Preferences>): Promise<Result> => {
  const signedIn = await account.getValue();
  if (!signedIn) return { ok: false, error: 'signed_out' };
  const answer = await patchPreferences(signedIn, patch);
  if (!answer.ok) return answer;
  await bellQueue.run(async () => {
    if ((await account.getValue())?.token !== signedIn.token) return;
    await storeBell(withPreferences(await storedBell.getValue(), answer.preferences));
    await withdrawIfOff(answer.preferences);
  });
  return { ok: true };
};

/** Fetches who is signed in and where the inbox is: what no event of a resumed stream tells. */
export const refreshMe = async (): Promise<void> => {
  const signedIn = await account.getValue();
  if (!signedIn) return;
  const answer = await getMe(signedIn);
  if (!answer.ok) return;
  await bellQueue.run(async () => {
    if ((await account.getValue())?.token !== signedIn.token) return;
    await storeBell({ ...(await storedBell.getValue()), me: answer.me });
  });
  await checkInbox();
};
