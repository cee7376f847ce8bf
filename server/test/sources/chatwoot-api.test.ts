import { describe, expect, test } from 'vitest';
import { chatwoot } from '../../src/sources/chatwoot/source.ts';
import { type Answer, CallError, type CallRequest } from '../../src/sources/source.ts';
import { listed } from './chatwoot-payloads.ts';
import { contextOf, inWords, NOW, URL_OF_SOURCE } from './requests.ts';

const settings = chatwoot.settings.parse({ url: 'https://desk.acme.example', account: '3' });
const context = contextOf('cw', settings);

/** Answers by method and path; whatever else is asked for is a 404. */
function desk(answers: Record<string, (request: CallRequest) => unknown>) {
  const requests: CallRequest[] = [];
  const call = async (request: CallRequest): Promise<Answer> => {
    requests.push(request);
    const answer = answers[`${request.method} ${request.path.replace('/api/v1/accounts/3/', '')}`];
    return answer ? { status: 200, body: answer(request) } : { status: 404, body: null };
  };
  return { call, requests };
}

const agent = (
  id: number,
  name: string,
  role = 'agent',
  email: string | null = `${name.toLowerCase()}@acme.example`,
) => ({
  id,
  account_id: 3,
  availability_status: 'offline',
  auto_offline: true,
  confirmed: false,
  email,
  available_name: name,
  name,
  role,
  thumbnail: '',
});
const inbox = (id: number, name: string) => ({
  id,
  channel_id: id,
  name,
  channel_type: 'Channel::Whatsapp',
  provider_config: { api_key: 'a-key-that-must-not-be-kept' },
});
const office = {
  'GET agents': () => [agent(31, 'Mia', 'administrator'), agent(32, 'Tom'), agent(33, 'Ghost', 'agent', null)],
  'GET inboxes': () => ({ payload: [inbox(9, 'Shop number'), inbox(10, 'Website')] }),
  'GET inbox_members/9': () => ({ payload: [agent(31, 'Mia'), agent(32, 'Tom')] }),
  'GET inbox_members/10': () => ({ payload: [] }),
  'GET teams': () => [{ id: 5, name: 'workshop', description: null }],
  'GET teams/5/team_members': () => [agent(32, 'Tom')],
};

describe('the people of Chatwoot', () => {
  test('have names and addresses as our own API takes them, whatever is typed over there', async () => {
    const odd = {
      'GET agents': () => [
        agent(31, 'Mia \ufffe', 'agent', 'mia@acme.example'),
        agent(32, '\u3164', 'agent', 'eva@acme.example'),
        agent(33, 'Tom', 'agent', 'tom'),
      ],
      'GET inboxes': () => ({ payload: [inbox(9, 'Shop\u0000'), inbox(10, '\u200b')] }),
      'GET inbox_members/9': () => ({ payload: [] }),
      'GET inbox_members/10': () => ({ payload: [] }),
    };
    const { agents, groups, unusable } = await chatwoot.people!(desk(odd).call, context);
    expect(agents.map(({ name }) => name)).toEqual(['Mia \ufffd', 'eva@acme.example']);
    expect(groups.map(({ name }) => name)).toEqual(['Shop\ufffd', 'cw:inbox:10']);
    expect(unusable).toEqual(['33']);
  });

  test('are its agents, and its inboxes with their members', async () => {
    const people = await chatwoot.people!(desk(office).call, context);
    expect(people).toEqual({
      agents: [
        { id: '31', name: 'Mia', email: 'mia@acme.example', role: 'admin' },
        { id: '32', name: 'Tom', email: 'tom@acme.example', role: 'agent' },
      ],
      groups: [
        { id: 'cw:inbox:9', name: 'Shop number', memberIds: ['31', '32'] },
        { id: 'cw:inbox:10', name: 'Website', memberIds: [] },
      ],
      unusable: ['33'],
    });
    expect(JSON.stringify(people)).not.toContain('a-key');
  });

  test('have teams as groups where the operator wants it', async () => {
    const { groups } = await chatwoot.people!(desk(office).call, {
      ...context,
      settings: { ...settings, groupsBy: 'team' },
    });
    expect(groups.at(-1)).toEqual({ id: 'cw:team:5', name: 'workshop', memberIds: ['32'] });
  });

  test.each([
    ['one list is refused', { ...office, 'GET inbox_members/9': undefined }],
    ['one list cannot be read', { ...office, 'GET agents': () => ({ error: 'later' }) }],
    ['one agent has no id', { ...office, 'GET agents': () => [{ name: 'Mia' }] }],
  ])('are not taken for fewer when %s', async (_, answers) => {
    const { call } = desk(answers as Parameters<typeof desk>[0]);
    await expect(chatwoot.people!(call, context)).rejects.toThrow(CallError);
  });
});

describe('what was missed in Chatwoot', () => {
  const collect = async (answers: Parameters<typeof desk>[0], since: number | null) => {
    const { call, requests } = desk(answers);
    const found: string[] = [];
    for await (const translation of chatwoot.missed!(call, context, since)) found.push(...inWords(translation));
    return { found, requests };
  };
  const page = (items: unknown[]) => ({ data: { meta: { all_count: items.length }, payload: items } });

  test('is asked for in one go, by the seconds since then', async () => {
    const { requests } = await collect({ 'GET conversations': () => page([]) }, NOW - 90_500);
    expect(requests.map(({ query }) => query)).toEqual([{ status: 'all', assignee_type: 'all', updated_within: '91' }]);
  });

  test('is everything open the first time, page by page', async () => {
    const full = Array.from({ length: 25 }, (_, n) => listed({ id: n + 1, last_non_activity_message: null }));
    const { found, requests } = await collect(
      { 'GET conversations': ({ query }) => page(query?.status === 'open' && query.page === '1' ? full : []) },
      null,
    );
    expect([found.length, requests.map(({ query }) => `${query?.status} ${query?.page}`)]).toEqual([
      25,
      ['open 1', 'open 2', 'pending 1'],
    ]);
  });

  test('comes without the conversations that cannot be read', async () => {
    const items = [listed({ id: null }), 'broken', listed({ id: 816 })];
    const { found } = await collect({ 'GET conversations': () => page(items) }, NOW - 1000);
    expect(found).toEqual([
      'unusable: conversation without id',
      'unusable: conversation without id',
      'received cw:816 whatsapp "Is the green one in stock?"',
      'saved cw:816 open nobody cw:inbox:9 whatsapp',
    ]);
  });

  test('is an error if the answer is no list', async () => {
    await expect(collect({ 'GET conversations': () => ({ data: null }) }, NOW)).rejects.toThrow('cannot be read');
  });
});

describe('the webhook at Chatwoot', () => {
  const SUBSCRIPTIONS = [
    'conversation_created',
    'conversation_updated',
    'conversation_status_changed',
    'message_created',
  ];
  const row = (changes: object = {}) => ({ id: 61, url: URL_OF_SOURCE, account_id: 3, subscriptions: [], ...changes });

  test('is made with what we need, and its secret is kept', async () => {
    const { call, requests } = desk({
      'GET webhooks': () => ({ payload: { webhooks: [row({ id: 60, url: 'https://other.example' })] } }),
      'POST webhooks': () => ({ payload: { webhook: row({ secret: 'fresh' }) } }),
    });
    expect(await chatwoot.register!(call, settings, URL_OF_SOURCE)).toEqual({ webhook: 'fresh' });
    expect(requests.at(-1)?.json).toEqual({
      webhook: { name: 'Converso Notifications', url: URL_OF_SOURCE, subscriptions: SUBSCRIPTIONS },
    });
  });

  test('is found again, and changed to what we need', async () => {
    const { call, requests } = desk({
      'GET webhooks': () => ({ payload: { webhooks: [row({ secret: 'kept' })] } }),
      'PATCH webhooks/61': () => ({ payload: { webhook: row() } }),
    });
    expect(await chatwoot.register!(call, settings, URL_OF_SOURCE)).toEqual({ webhook: 'kept' });
    expect(requests.at(-1)?.method).toBe('PATCH');
  });

  test('of an old Chatwoot has no secret', async () => {
    const { call } = desk({
      'GET webhooks': () => ({ payload: { webhooks: [] } }),
      'POST webhooks': () => ({ payload: { webhook: row() } }),
    });
    expect(await chatwoot.register!(call, settings, URL_OF_SOURCE)).toEqual({});
  });
});

describe('the access token of Chatwoot', () => {
  const profile = (role: string) => ({
    'GET /api/v1/profile': () => ({
      name: 'Mia Lang',
      access_token: 'secret',
      accounts: [{ id: 3, name: 'Acme', role }],
    }),
  });

  test('is an administrator’s', async () => {
    const words = await chatwoot.check!(desk(profile('administrator')).call, settings);
    expect(words).toBe('signed in as Mia Lang, administrator');
  });

  test('is refused if it is an agent’s', async () => {
    await expect(chatwoot.check!(desk(profile('agent')).call, settings)).rejects.toThrow(
      'The token belongs to Mia Lang, who is not an administrator of account 3',
    );
  });

  test('is refused if Chatwoot does not know it', async () => {
    const call = async () => ({ status: 401, body: { error: 'Invalid Access Token' } });
    await expect(chatwoot.check!(call, settings)).rejects.toThrow('the access token is not valid');
  });

  test('goes into a header, below the address that was set', () => {
    expect(chatwoot.api!(settings, { token: ['new', 'old'], webhook: [] })).toEqual({
      base: 'https://desk.acme.example',
      headers: { api_access_token: 'new' },
    });
  });
});
