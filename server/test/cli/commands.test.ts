import { writeFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { withStore } from '../../src/cli/command.ts';
import { openDesk } from './run-command.ts';

async function openShop() {
  const desk = openDesk();
  const { id, secret } = await desk.ask('business', 'add', '--name', 'Shop', '--time-zone', 'Europe/Berlin');
  const shop = ['--business', id];
  const addAgent = (agentId: string, role = 'agent') =>
    desk.ask(
      'agent',
      'add',
      ...shop,
      '--id',
      agentId,
      '--name',
      `Agent ${agentId}`,
      '--email',
      `${agentId}@shop.example`,
      '--role',
      role,
    );
  return { ...desk, id, secret, shop, addAgent };
}

describe('business', () => {
  test('add prints id and secret, as text and as JSON', async () => {
    const { run, ask } = openDesk();
    const { out, err, code } = await run('business', 'add', '--name', 'Shop', '--time-zone', 'UTC', '--id', 'shop');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^id: {5}shop\nsecret: whsec_\S{44}\n$/);
    expect(await ask('business', 'list')).toEqual([
      { id: 'shop', name: 'Shop', timeZone: 'UTC', createdAt: expect.stringMatching(/^\d{4}-.*Z$/) },
    ]);
  });

  test('add again under the same id changes nothing and is no failure', async () => {
    const { ask } = openDesk();
    const first = await ask('business', 'add', '--name', 'Shop', '--time-zone', 'UTC', '--id', 'shop');
    expect(await ask('business', 'add', '--name', 'Other', '--time-zone', 'UTC', '--id', 'shop')).toEqual(first);
    expect(await ask('business', 'list')).toMatchObject([{ name: 'Shop' }]);
  });

  test('rotate-secret signs with the new one', async () => {
    const { ask, run, secret, shop, file } = await openShop();
    const rotated = await ask('business', 'rotate-secret', ...shop);
    expect(rotated.secret).not.toBe(secret);
    expect(Date.parse(rotated.oldSecretUntil) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    writeFileSync(file('event.json'), '{}');
    const headers = await ask('events', 'sign', ...shop, file('event.json'));
    expect(new Webhook(rotated.secret).verify('{}', headers)).toEqual({});
    expect((await run('business', 'rotate-secret', '--business', 'nowhere')).code).toBe(1);
  });

  test('rotate-secret --now ends the old secret at once, and any older one', async () => {
    const { ask, run, shop } = await openShop();
    await ask('business', 'rotate-secret', ...shop);
    const rotated = await ask('business', 'rotate-secret', ...shop, '--now');
    expect(rotated).toEqual({ id: shop[1], secret: expect.stringMatching(/^whsec_/), oldSecretUntil: null });
    expect(await withStore((store) => store.signingSecrets(shop[1]!, 0))).toEqual([rotated.secret]);
    expect((await run('business', 'rotate-secret', ...shop, '--now')).out).toContain('The old secret no longer holds.');
  });
});

describe('agent', () => {
  test('add, then list: who, where, switch and mail', async () => {
    const { ask, run, shop, addAgent } = await openShop();
    await addAgent('zoe', 'admin');
    await addAgent('ana');
    await ask('group', 'add', ...shop, '--id', 'sales', '--name', 'Sales');
    await ask('group', 'set-team', ...shop, '--id', 'sales', '--agents', 'ana');
    expect(await ask('agent', 'list', ...shop)).toEqual([
      {
        id: 'ana',
        name: 'Agent ana',
        email: 'ana@shop.example',
        role: 'agent',
        active: true,
        groups: ['sales'],
        preferences: { messageNotifications: true, assistantChats: true, unrepliedEmails: true },
        lastConnectedAt: null,
        mailSuppressed: null,
      },
      expect.objectContaining({ id: 'zoe', role: 'admin', groups: [] }),
    ]);
    const { out } = await run('agent', 'list', ...shop);
    expect(out.split('\n')[1]).toMatch(/^ana +Agent ana +ana@shop\.example +agent +yes +sales +- +on +-$/);
  });

  test('add changes one that is there, and again the same is no failure', async () => {
    const { ask, shop, addAgent } = await openShop();
    await addAgent('ana');
    await addAgent('ana', 'admin');
    await addAgent('ana', 'admin');
    expect(await ask('agent', 'list', ...shop)).toMatchObject([{ id: 'ana', role: 'admin' }]);
  });

  test('remove deactivates, twice as well as once', async () => {
    const { ask, run, shop, addAgent } = await openShop();
    await addAgent('ana');
    for (let n = 0; n < 2; n += 1)
      expect(await ask('agent', 'remove', ...shop, '--id', 'ana')).toEqual({ id: 'ana', removed: true });
    expect(await ask('agent', 'list', ...shop)).toMatchObject([{ id: 'ana', active: false }]);
    expect((await run('agent', 'remove', ...shop, '--id', 'nobody')).code).toBe(1);
  });

  test('sign-out says how many sessions ended', async () => {
    const { ask, run, shop, addAgent } = await openShop();
    await addAgent('ana');
    expect(await ask('agent', 'sign-out', ...shop, '--id', 'ana')).toEqual({ id: 'ana', ended: 0 });
    const nobody = await run('agent', 'sign-out', ...shop, '--id', 'nobody');
    expect([nobody.code, nobody.out]).toEqual([1, '']);
    expect(nobody.err).toBe('cli: There is no agent nobody in this business; see `agent list`.\n');
  });
});

describe('group', () => {
  test('add, set-team, list; a new name keeps the team', async () => {
    const { ask, run, shop, addAgent } = await openShop();
    await addAgent('ana');
    await addAgent('ben');
    const inGroup = [...shop, '--id', 'sales'];
    await ask('group', 'add', ...inGroup, '--name', 'Sales');
    await ask('group', 'set-team', ...inGroup, '--agents', 'ben, ana,ben');
    await ask('group', 'add', ...inGroup, '--name', 'Bookings');
    expect(await ask('group', 'list', ...shop)).toEqual([
      { id: 'sales', name: 'Bookings', agentIds: ['ana', 'ben'], openConversations: 0 },
    ]);
    await ask('group', 'set-team', ...inGroup, '--agents', '');
    expect(await ask('group', 'list', ...shop)).toMatchObject([{ agentIds: [] }]);
    expect((await run('group', 'set-team', ...shop, '--id', 'none', '--agents', 'ana')).code).toBe(1);
  });

  test('set-team says whom it does not know, and takes them all the same', async () => {
    const { ask, run, shop } = await openShop();
    await ask('group', 'add', ...shop, '--id', 'sales', '--name', 'Sales');
    const { code, err, json } = await run('group', 'set-team', ...shop, '--id', 'sales', '--agents', 'later', '--json');
    expect([code, err]).toEqual([0, 'cli: no such agents yet: later\n']);
    expect(json.agentIds).toEqual(['later']);
  });
});

describe('events sign', () => {
  test('prints the three headers in the form that curl takes', async () => {
    const { run, shop, secret, file } = await openShop();
    const body = Buffer.from('{"type":"contact.saved","ü":1}\n');
    writeFileSync(file('event.json'), body);
    const { out } = await run('events', 'sign', ...shop, '--id', 'evt-1', file('event.json'));
    const headers = Object.fromEntries(
      out
        .trim()
        .split('\n')
        .map((line) => line.split(': ')),
    );
    expect(Object.keys(headers)).toEqual(['webhook-id', 'webhook-timestamp', 'webhook-signature']);
    expect(headers['webhook-id']).toBe('evt-1');
    expect(new Webhook(secret).verify(body, headers)).toMatchObject({ ü: 1 });
  });

  test('makes up a new id each time', async () => {
    const { ask, shop, file } = await openShop();
    writeFileSync(file('event.json'), '{}');
    const sign = () => ask('events', 'sign', ...shop, file('event.json'));
    expect((await sign())['webhook-id']).not.toBe((await sign())['webhook-id']);
  });

  test('fails for a file or a business that is not there', async () => {
    const { run, shop, file } = await openShop();
    const noFile = await run('events', 'sign', ...shop, file('none.json'));
    expect([noFile.code, noFile.err]).toEqual([1, expect.stringContaining('ENOENT')]);
    writeFileSync(file('event.json'), '{}');
    expect((await run('events', 'sign', '--business', 'nowhere', file('event.json'))).code).toBe(1);
  });
});

describe('backup and restore', () => {
  test('bring a store back, and keep what they replace', async () => {
    const { ask, run, id, file } = await openShop();
    const backup = await ask('backup', file('backup.db'));
    expect(backup).toMatchObject({ file: file('backup.db'), bytes: expect.any(Number) });
    await ask('business', 'add', '--name', 'Later', '--time-zone', 'UTC');
    const { formerStore } = await ask('restore', file('backup.db'));
    expect(formerStore).toContain(file('converso.db.'));
    expect(await ask('business', 'list')).toMatchObject([{ id }]);
    expect((await run('restore', file('none.db'))).code).toBe(1);
  });

  test('say which file is no backup, and that a folder is no file', async () => {
    const { run, file } = await openShop();
    writeFileSync(file('letter.txt'), 'Dear customer, '.repeat(100));
    const letter = await run('restore', file('letter.txt'));
    expect([letter.code, letter.err]).toEqual([1, expect.stringContaining(`${file('letter.txt')} is not a Converso`)]);
    const folder = await run('backup', file('.'));
    expect([folder.code, folder.err]).toEqual([1, expect.stringContaining('is a folder')]);
  });

  test('there is nothing to back up before there is a store', async () => {
    const { run, file } = openDesk();
    const { code, err } = await run('backup', file('backup.db'));
    expect([code, err]).toEqual([1, expect.stringContaining('There is no store')]);
  });
});
