import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { openDesk as openChatwoot } from '../sources/chatwoot-stand-in.ts';
import { openDesk } from './run-command.ts';

/** A Chatwoot that can be called over HTTP, with one open chat. */
async function serveChatwoot(token = 'right') {
  const chatwoot = openChatwoot(Date.now() - 60_000);
  chatwoot.writes('Is it ready?', Date.now());
  const server = createServer(async (request, response) => {
    const { pathname: path, searchParams } = new URL(request.url ?? '', 'http://localhost');
    const body = await text(request);
    const answer =
      request.headers.api_access_token === token
        ? await chatwoot.call({
            method: request.method as 'GET',
            path,
            query: Object.fromEntries(searchParams),
            json: body === '' ? undefined : JSON.parse(body),
          })
        : { status: 401, body: { error: 'Invalid Access Token' } };
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { chatwoot, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

async function openShop() {
  const desk = openDesk({ PUBLIC_URL: 'https://alerts.acme.example' });
  const { chatwoot, url } = await serveChatwoot();
  await desk.ask('business', 'add', '--name', 'Shop', '--time-zone', 'UTC', '--id', 'shop');
  vi.stubEnv('CW_TOKEN', 'right');
  const named = ['--business', 'shop', '--id', 'cw'];
  const add = (...more: string[]) =>
    desk.run('source', 'add', 'chatwoot', ...named, '--url', url, '--account', '3', '--token-env', 'CW_TOKEN', ...more);
  return { ...desk, chatwoot, url, named, add };
}

describe('source add chatwoot', () => {
  test('checks the token, makes the webhook, imports people and open chats, and says what comes next', async () => {
    const { add, ask, chatwoot } = await openShop();
    const { code, out, err } = await add();
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('✓ signed in as Mia Lang, administrator');
    expect(out).toContain('✓ 2 agents, 1 groups, 1 open chats imported');
    expect(out).toContain('write a message in any inbox');
    expect(chatwoot.webhooks).toEqual([
      expect.objectContaining({
        url: expect.stringMatching(/^https:\/\/alerts\.acme\.example\/v1\/sources\/src_\S{32}$/),
      }),
    ]);
    const agents = await ask('agent', 'list', '--business', 'shop');
    expect(agents.map(({ id, role, groups }: Record<string, unknown>) => [id, role, groups])).toEqual([
      ['cw:31', 'admin', ['cw:inbox:9']],
      ['cw:32', 'agent', ['cw:inbox:9']],
    ]);
    expect(await ask('group', 'list', '--business', 'shop')).toMatchObject([
      { id: 'cw:inbox:9', openConversations: 1 },
    ]);
  });

  test('again changes the same source and makes no second webhook', async () => {
    const { add, ask, chatwoot } = await openShop();
    await add();
    const { code } = await add();
    expect([code, chatwoot.webhooks.length, (await ask('source', 'list')).length]).toEqual([1, 1, 1]);
  });

  test('with a wrong token adds nothing and says why', async () => {
    const { add, ask } = await openShop();
    vi.stubEnv('CW_TOKEN', 'wrong');
    const { code, err } = await add();
    expect([code, err]).toEqual([1, 'cli: Chatwoot answered 401 for the profile: the access token is not valid\n']);
    expect(await ask('source', 'list')).toEqual([]);
  });

  test.each([
    ['a variable that is not set', ['--token-env', 'NOT_SET'], 'The environment variable NOT_SET is not set.'],
    ['an address without TLS', ['--url', 'http://desk.acme.example'], 'url must begin with https://'],
    ['an unknown business', ['--business', 'nowhere'], 'There is no business nowhere'],
    ['an account that is no number', ['--account', 'acme'], 'account must be a number'],
  ])('with %s says so', async (_, more, expected) => {
    const { add } = await openShop();
    const { code, err } = await add(...more);
    expect([code, err]).toEqual([1, expect.stringContaining(expected)]);
  });
});

describe('a source that is plugged in', () => {
  test('is listed with what it waits for, and without its secrets', async () => {
    const { add, run, ask, named } = await openShop();
    await add();
    const { out } = await run('source', 'list');
    expect(out).toMatch(/shop +cw +chatwoot +waits for its first event/);
    expect(JSON.stringify([out, await ask('source', 'list'), await ask('source', 'test', ...named)])).not.toMatch(
      /right|made-by/,
    );
  });

  test('is tested with its token', async () => {
    const { add, run, named } = await openShop();
    await add();
    const { code, out } = await run('source', 'test', ...named);
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/✓ signed in as Mia Lang[\s\S]*nothing has come yet[\s\S]*\/v1\/sources\/src_/),
    ]);
  });

  test('is synced; that most agents are gone needs a word of the operator', async () => {
    const { add, run, ask, chatwoot, named } = await openShop();
    chatwoot.agents.push({ id: 33, name: 'Eva', email: 'eva@acme.example', role: 'agent' });
    await add();
    chatwoot.agents.splice(1);
    const { code, err } = await run('source', 'sync', ...named);
    expect([code, err]).toEqual([1, expect.stringContaining('--yes removes them')]);
    await ask('source', 'sync', ...named, '--yes');
    const agents = await ask('agent', 'list', '--business', 'shop');
    expect(agents.filter(({ active }: { active: boolean }) => active)).toHaveLength(1);
  });

  test('has a line of the doctor, which says what is wrong with it', async () => {
    const { add, run, url } = await openShop();
    await add();
    const line = async () => {
      const { checks } = (await run('doctor', '--json')).json;
      return checks.find(({ check }: { check: string }) => check === 'source cw of shop');
    };
    const waits = /^chatwoot, waits for its first event; last event -; last sync \d{4}-\d\d-\d\d \d\d:\d\d UTC$/;
    expect(await line()).toMatchObject({ verdict: 'note', detail: expect.stringMatching(waits) });
    vi.stubEnv('AUTH_SECRET', 'another secret, long enough');
    expect(await line()).toMatchObject({ verdict: 'wrong', detail: expect.stringContaining('AUTH_SECRET is not the') });
    expect(JSON.stringify(await line())).not.toContain(url);
  });

  test('that lost most of its agents is wrong until a sync succeeds', async () => {
    const { add, run, ask, chatwoot, named } = await openShop();
    chatwoot.agents.push({ id: 33, name: 'Eva', email: 'eva@acme.example', role: 'agent' });
    await add();
    chatwoot.agents.splice(1);
    await run('source', 'sync', ...named);
    expect(await ask('source', 'list')).toMatchObject([{ failure: expect.stringContaining('most agents') }]);
    const { code, out } = await run('doctor');
    expect([code, out]).toEqual([1, expect.stringMatching(/✗ +source cw of shop +chatwoot.*most agents or groups/)]);
    await ask('source', 'sync', ...named, '--yes');
    expect(await ask('source', 'list')).toMatchObject([{ failure: null }]);
  });

  test('gets a new token, is paused, goes on, and is unplugged', async () => {
    const { add, ask, run, named } = await openShop();
    await add();
    await ask('source', 'rotate', ...named, '--token-env', 'CW_TOKEN');
    await ask('source', 'pause', ...named);
    expect(await ask('source', 'list')).toMatchObject([{ state: 'paused' }]);
    await ask('source', 'pause', ...named, '--off');
    expect(await ask('source', 'list')).toMatchObject([{ state: 'waits for its first event' }]);
    await ask('source', 'remove', ...named);
    expect((await run('source', 'test', ...named)).err).toContain('There is no source cw in this business');
  });

  test('whose secrets were kept with another AUTH_SECRET says so', async () => {
    const { add, run, named } = await openShop();
    await add();
    vi.stubEnv('AUTH_SECRET', 'another secret, long enough');
    expect((await run('source', 'test', ...named)).err).toContain('AUTH_SECRET is not the one they were kept with');
  });
});

test('source add twilio prints the URL to paste, with what Twilio retries', async () => {
  const { run, ask } = openDesk({ PUBLIC_URL: 'https://alerts.acme.example' });
  await ask('business', 'add', '--name', 'Shop', '--time-zone', 'UTC', '--id', 'shop');
  vi.stubEnv('TW_TOKEN', 't');
  const account = `AC${'1'.repeat(32)}`;
  const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(Response.json({ friendly_name: 'Acme Bikes' }));
  onTestFinished(() => fetched.mockRestore());
  const { code, out } = await run(
    ...['source', 'add', 'twilio', '--business', 'shop', '--id', 'sms', '--group', 'desk'],
    ...['--account', account, '--token-env', 'TW_TOKEN'],
  );
  expect([code, out]).toEqual([
    0,
    expect.stringMatching(/✓ signed in to Acme Bikes[\s\S]*src_\S{32}#rc=5&rp=5xx,ct,rt/),
  ]);
});
