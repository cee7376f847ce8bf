import { type Call, CallError } from '../source.ts';
import type { MetaSettings } from './settings.ts';

/** The numbers as Meta knows them. @throws CallError if one of them is not the token's */
export async function check(call: Call, { version, numbers }: MetaSettings): Promise<string> {
  const names: string[] = [];
  for (const { id } of numbers) {
    const { status, body } = await call({ method: 'GET', path: `/${version}/${id}` });
    if (status !== 200) {
      throw new CallError(
        `Meta answered ${status} for the number ${id}: is the token a system user’s with access to it?`,
      );
    }
    const { verified_name: name, display_phone_number: phone } = (body ?? {}) as Record<string, unknown>;
    names.push([phone, name].filter((word) => typeof word === 'string').join(' ') || id);
  }
  return `found ${names.join(', ')}`;
}

/**
 * Lets the account send its webhooks to the app, which the app's own settings do not do. The webhook's URL can only be
 * set by hand, at Meta. @throws CallError
 */
export async function register(call: Call, { version, businessAccount }: MetaSettings): Promise<Record<string, never>> {
  const { status } = await call({ method: 'POST', path: `/${version}/${businessAccount}/subscribed_apps` });
  if (status !== 200) throw new CallError(`Meta answered ${status} for the subscription of account ${businessAccount}`);
  return {};
}
