import type { Agent } from '@converso/shared';
import { i18n } from '#i18n';
import { requestToken, revokeToken } from '../../api.ts';
import { deviceName, type UserAgentData } from '../../domain/device-name.ts';
import { serverOrigin, serverRefusal } from '../../domain/server-address.ts';
import type { Failure, Result, SignIn } from '../../messages.ts';
import {
  type Account,
  account,
  begun,
  decisionLog,
  inboxRefusal,
  type ManagedSettings,
  NO_BELL,
  pendingReads,
  restUntil,
  storedBell,
  summaryConversationIds,
} from '../../state.ts';
import { bellQueue } from '../bell/bell.ts';
import { clearAllToasts, createPlainToast, SIGNED_OUT_TOAST } from '../toasts/toast.ts';
import { setConnectionStatus } from './connection-status.ts';
import { readPolicy } from './policy.ts';
import type { Connection } from './server-connection.ts';

const refusalText = (refusal: 'locked' | 'plain_http', { server }: ManagedSettings): string =>
  refusal === 'locked' ? i18n.t('extension.serverLocked', [server ?? '']) : i18n.t('extension.plainHttp');

/** The origin to sign in at, or why not there. */
export const chosenServer = async (typed: string): Promise<Failure | { ok: true; server: string }> => {
  const server = serverOrigin(typed);
  if (server === null) return { ok: false, error: 'failed', detail: i18n.t('extension.noAddress') };
  const policy = await readPolicy();
  const refusal = serverRefusal(policy, server);
  return refusal ? { ok: false, error: 'failed', detail: refusalText(refusal, policy) } : { ok: true, server };
};

/** Erases everything that belongs to the agent. Only from within `bellQueue`. */
const erase = async (): Promise<void> => {
  await account.removeValue();
  await storedBell.setValue(NO_BELL);
  await pendingReads.removeValue();
  await restUntil.removeValue();
  await summaryConversationIds.removeValue();
  await decisionLog.removeValue();
  await begun.removeValue();
  await inboxRefusal.removeValue();
  await clearAllToasts();
};

/** Ends the session on this device; tells which it was. */
const leave = (connection: Connection): Promise<Account | null> => {
  connection.stop();
  return bellQueue.run(async () => {
    const had = await account.getValue();
    await erase();
    await setConnectionStatus('signed_out');
    return had;
  });
};

/** Ends the session here and, as far as the server can be reached, there. */
export const signOut = async (connection: Connection): Promise<void> => {
  const had = await leave(connection);
  if (had) await revokeToken(had);
};

/** Ends the session on this device against the agent's will, and says why by a toast that stays. */
const endAgainstWill = (connection: Connection, token: string, message: string): Promise<void> =>
  bellQueue.run(async () => {
    // A newer session is none of this one's business.
    if ((await account.getValue())?.token !== token) return;
    connection.stop();
    await erase();
    await setConnectionStatus('signed_out', { againstWill: true });
    await createPlainToast(SIGNED_OUT_TOAST, {
      title: i18n.t('toast.signedOutTitle'),
      message,
      requireInteraction: true,
    });
  });

/** The server ended the session: the agent must learn that nothing will come any more. */
export const signedOutByServer = (connection: Connection, token: string): Promise<void> =>
  endAgainstWill(connection, token, i18n.t('toast.signedOutText'));

/** The session was allowed when it began; a policy that cannot be read takes no agent's eyes away. */
const noPolicy = (error: unknown): ManagedSettings => {
  console.warn('The policy could not be read:', error instanceof Error ? error.name : 'unknown error');
  return {};
};

/**
 * Holds a session that exists to the administrator's policy: one at a server that the policy does not allow ends. That
 * server is not asked to end it too, for nothing may be said to it any more. Tells whether the session may go on.
 */
export const holdToPolicy = async (connection: Connection): Promise<boolean> => {
  const [signedIn, policy] = await Promise.all([account.getValue(), readPolicy().catch(noPolicy)]);
  const refusal = signedIn && serverRefusal(policy, signedIn.server);
  if (!refusal) return true;
  await endAgainstWill(connection, signedIn.token, refusalText(refusal, policy));
  return false;
};

const thisDevice = (): string =>
  deviceName((navigator as Navigator & { userAgentData?: UserAgentData }).userAgentData).slice(0, 100);

/** Exchanges the code for a session, and connects. */
export const signIn = async (connection: Connection, input: SignIn): Promise<Result<{ agent: Agent }>> => {
  const chosen = await chosenServer(input.server);
  if (!chosen.ok) return chosen;
  const { email, code, challenge, businessId } = input;
  const answer = await requestToken(chosen.server, {
    email,
    code,
    device: thisDevice(),
    ...(challenge ? { challenge } : {}),
    ...(businessId ? { businessId } : {}),
  });
  if (!answer.ok) return answer;
  const had = await leave(connection);
  // A session that was there before ends too, but nobody has to wait for that.
  if (had) void revokeToken(had);
  await bellQueue.run(() => account.setValue({ server: chosen.server, token: answer.token }));
  await setConnectionStatus('connecting');
  connection.connect({ used: true });
  return { ok: true, agent: answer.agent };
};
