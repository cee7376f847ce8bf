import type { Agent } from '@converso/shared';
import { browser } from 'wxt/browser';
import { i18n } from '#i18n';
import { requestToken, revokeToken } from '../api.ts';
import { deviceName, type UserAgentData } from '../domain/device-name.ts';
import { isServerAllowed, serverOrigin } from '../domain/server-address.ts';
import type { Failure, Result } from '../messages.ts';
import {
  type Account,
  account,
  bell,
  decisions,
  type ManagedSettings,
  NO_BELL,
  pendingReads,
  restUntil,
  summarised,
} from '../state.ts';
import { inTurn } from './bell.ts';
import { lineIs } from './connection.ts';
import type { Connection } from './server-connection.ts';
import { clearAllToasts, popPlainToast, SIGNED_OUT_TOAST } from './toast.ts';

/** What an administrator's policy says about the server; nothing without a policy. */
const policy = (): Promise<ManagedSettings> => browser.storage.managed.get<ManagedSettings>(['server', 'lockServer']);

/** The origin to sign in at, or why not there. */
export const chosenServer = async (typed: string): Promise<Failure | { ok: true; server: string }> => {
  const server = serverOrigin(typed);
  if (server === null) return { ok: false, error: 'failed', detail: i18n.t('extension.noAddress') };
  const set = await policy();
  if (!isServerAllowed(set, server)) {
    return { ok: false, error: 'failed', detail: i18n.t('extension.serverLocked', [set.server ?? '']) };
  }
  return { ok: true, server };
};

/** Erases everything that belongs to the agent. Only from within `inTurn`. */
const erase = async (): Promise<void> => {
  await account.removeValue();
  await bell.setValue(NO_BELL);
  await pendingReads.removeValue();
  await restUntil.removeValue();
  await summarised.removeValue();
  await decisions.removeValue();
  await clearAllToasts();
};

/** Ends the session on this device; tells which it was. */
const leave = (line: Connection): Promise<Account | null> => {
  line.stop();
  return inTurn(async () => {
    const had = await account.getValue();
    await erase();
    await lineIs('signed_out');
    return had;
  });
};

/** Ends the session here and, as far as the server can be reached, there. */
export const signOut = async (line: Connection): Promise<void> => {
  const had = await leave(line);
  if (had) await revokeToken(had);
};

/** The server ended the session: the agent must learn that nothing will come any more. */
export const signedOutByServer = async (line: Connection, token: string): Promise<void> => {
  await inTurn(async () => {
    // A newer session is none of this one's business.
    if ((await account.getValue())?.token !== token) return;
    line.stop();
    await erase();
    await lineIs('signed_out', { againstWill: true });
    await popPlainToast(SIGNED_OUT_TOAST, {
      title: i18n.t('toast.signedOutTitle'),
      message: i18n.t('toast.signedOutText'),
      requireInteraction: true,
    });
  });
};

export interface SignIn {
  server: string;
  email: string;
  code: string;
  businessId?: string;
}

const thisDevice = (): string =>
  deviceName((navigator as Navigator & { userAgentData?: UserAgentData }).userAgentData).slice(0, 100);

/** Exchanges the code for a session, and connects. */
export const signIn = async (line: Connection, input: SignIn): Promise<Result<{ agent: Agent }>> => {
  const chosen = await chosenServer(input.server);
  if (!chosen.ok) return chosen;
  const { email, code, businessId } = input;
  const answer = await requestToken(chosen.server, {
    email,
    code,
    device: thisDevice(),
    ...(businessId ? { businessId } : {}),
  });
  if (!answer.ok) return answer;
  const had = await leave(line);
  // A session that was there before ends too, but nobody has to wait for that.
  if (had) void revokeToken(had);
  await inTurn(() => account.setValue({ server: chosen.server, token: answer.token }));
  await lineIs('connecting');
  line.connect({ used: true });
  return { ok: true, agent: answer.agent };
};
