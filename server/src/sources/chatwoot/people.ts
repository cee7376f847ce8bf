/** Chatwoot's REST API: people, what was missed, and the webhook. All calls need an administrator's access token. */

import { Email, OptionalName } from '@converso/shared';
import type { z } from 'zod';
import { scoped } from '../ids.ts';
import {
  type Answer,
  type Call,
  CallError,
  type CallRequest,
  type Context,
  type ForeignGroup,
  type People,
  type Translation,
} from '../source.ts';
import { AgentRow, InboxRow, Profile, TeamRow, WebhookRow } from './payload.ts';
import type { ChatwootSettings } from './settings.ts';
import { translateListed } from './translate.ts';

/** What we subscribe to; each of the others says nothing new or holds what we must not keep. */
export const SUBSCRIPTIONS = [
  'conversation_created',
  'conversation_updated',
  'conversation_status_changed',
  'message_created',
];

/** The webhook's name in Chatwoot's settings. */
const WEBHOOK_NAME = 'Converso Notifications';

/** Conversations on a page of `GET /conversations` without `updated_within`. */
const PAGE = 25;
/** Where an import ends at the latest, in pages. */
const MAX_PAGES = 400;

const below = ({ account }: ChatwootSettings, path: string): string => `/api/v1/accounts/${account}/${path}`;

/** The body of a right answer. @throws CallError with what the operator can do about another one */
function bodyOf({ status, body }: Answer, what: string): unknown {
  if (status >= 200 && status < 300) return body;
  const hint =
    status === 401
      ? ': the access token is not valid'
      : status === 403 || status === 404
        ? ': the token must be an administrator’s, and the account must exist'
        : '';
  throw new CallError(`Chatwoot answered ${status} for ${what}${hint}`);
}

/** The rows of a list, plain or below `payload`. @throws CallError if it is no list of such rows */
function rowsOf<Row extends z.ZodType>(answer: Answer, row: Row, what: string): z.output<Row>[] {
  const body = bodyOf(answer, what);
  const rows = Array.isArray(body) ? body : (body as { payload?: unknown } | null)?.payload;
  const parsed = row.array().safeParse(rows);
  if (!parsed.success) throw new CallError(`Chatwoot’s answer for ${what} cannot be read`);
  return parsed.data;
}

const get = (path: string, query?: Record<string, string>): CallRequest => ({
  method: 'GET',
  path,
  ...(query ? { query } : {}),
});

/** Everybody as they are now. A deleted agent or member gives no webhook, so this is how one learns of it. */
export async function people(
  call: Call,
  { sourceId, settings }: Pick<Context<ChatwootSettings>, 'sourceId' | 'settings'>,
): Promise<People> {
  const list = async <Row extends z.ZodType>(path: string, row: Row) =>
    rowsOf(await call(get(below(settings, path))), row, path);
  const agents = await list('agents', AgentRow);
  const groups: ForeignGroup[] = [];
  for (const inbox of await list('inboxes', InboxRow)) {
    const members = await list(`inbox_members/${inbox.id}`, AgentRow);
    groups.push(groupFrom(scoped(sourceId, 'inbox', inbox.id), inbox.name, members));
  }
  if (settings.groupsBy === 'team') {
    for (const team of await list('teams', TeamRow)) {
      const members = await list(`teams/${team.id}/team_members`, AgentRow);
      groups.push(groupFrom(scoped(sourceId, 'team', team.id), team.name, members));
    }
  }
  return peopleFrom(agents, groups);
}

const groupFrom = (id: string, name: string | undefined, members: z.infer<typeof AgentRow>[]): ForeignGroup => ({
  id,
  name: nameFrom(name) ?? id,
  memberIds: members.map((member) => member.id),
});

/** A name as our own API would take it, or undefined where nothing of it can be seen. */
const nameFrom = (name: string | undefined): string | undefined => OptionalName.parse(name ?? '');

/** Unconfirmed agents are agents too: they can be assigned. Without an email address nobody can sign in here. */
export function peopleFrom(rows: readonly z.infer<typeof AgentRow>[], groups: ForeignGroup[]): People {
  const usable = rows.flatMap(({ id, name, email: given, role }) => {
    const { data: email } = Email.safeParse(given);
    if (email === undefined) return [];
    return [{ id, name: nameFrom(name) ?? email, email, role: role === 'administrator' ? 'admin' : 'agent' } as const];
  });
  const used = new Set(usable.map(({ id }) => id));
  const unusable = rows.map(({ id }) => id).filter((id) => !used.has(id));
  return { agents: usable, groups, unusable };
}

/** Who the token belongs to. @throws CallError if it is not an administrator of the account */
export async function check(call: Call, settings: ChatwootSettings): Promise<string> {
  const profile = Profile.safeParse(bodyOf(await call(get('/api/v1/profile')), 'the profile'));
  if (!profile.success) throw new CallError('Chatwoot’s answer for the profile cannot be read');
  const role = profile.data.accounts.find(({ id }) => id === settings.account)?.role;
  const name = profile.data.name ?? 'somebody without a name';
  if (role !== 'administrator') {
    throw new CallError(`The token belongs to ${name}, who is not an administrator of account ${settings.account}`);
  }
  return `signed in as ${name}, administrator`;
}

/**
 * What changed since then, or with null every open conversation. `updated_within` lists all of them at once; without
 * it they come in pages.
 */
export async function* missed(
  call: Call,
  context: Context<ChatwootSettings>,
  since: number | null,
): AsyncGenerator<Translation> {
  const path = below(context.settings, 'conversations');
  if (since !== null) {
    const seconds = Math.max(1, Math.ceil((context.receivedAt - since) / 1000));
    const query = { status: 'all', assignee_type: 'all', updated_within: String(seconds) };
    for (const item of conversationsOf(await call(get(path, query)))) yield translateListed(item, context);
    return;
  }
  for (const status of ['open', 'pending']) {
    for (let page = 1; page <= MAX_PAGES; page += 1) {
      const query = { status, assignee_type: 'all', page: String(page) };
      const items = conversationsOf(await call(get(path, query)));
      for (const item of items) yield translateListed(item, context);
      if (items.length < PAGE) break;
    }
  }
}

function conversationsOf(answer: Answer): unknown[] {
  const body = bodyOf(answer, 'conversations') as { data?: { payload?: unknown } } | null;
  const items = body?.data?.payload;
  if (!Array.isArray(items)) throw new CallError('Chatwoot’s answer for conversations cannot be read');
  return items;
}

/** Makes the webhook, or finds the one with this URL and lets it send what we need. Returns its secret. */
export async function register(call: Call, settings: ChatwootSettings, url: string): Promise<{ webhook?: string }> {
  const path = below(settings, 'webhooks');
  const found = webhooksOf(bodyOf(await call(get(path)), 'webhooks')).find((webhook) => webhook.url === url);
  const webhook = { name: WEBHOOK_NAME, url, subscriptions: SUBSCRIPTIONS };
  const request: CallRequest =
    found?.id === undefined
      ? { method: 'POST', path, json: { webhook } }
      : { method: 'PATCH', path: `${path}/${found.id}`, json: { webhook } };
  const [made] = webhooksOf(bodyOf(await call(request), 'the webhook'));
  const secret = made?.secret ?? found?.secret;
  return secret ? { webhook: secret } : {};
}

/** Webhooks in an answer: a list of them when they are listed, one when it is made. */
function webhooksOf(body: unknown): z.infer<typeof WebhookRow>[] {
  const payload = (body as { payload?: { webhooks?: unknown; webhook?: unknown } } | null)?.payload;
  const rows = payload?.webhooks ?? (payload?.webhook === undefined ? undefined : [payload.webhook]);
  const parsed = WebhookRow.array().safeParse(rows);
  if (!parsed.success) throw new CallError('Chatwoot’s answer for webhooks cannot be read');
  return parsed.data;
}
