import { expect, test } from 'vitest';
import { createDevice } from '../../support/device.ts';
import { openTarget, type Target } from './target.ts';

interface Document {
  paths: Record<string, Record<string, { security?: object[] }>>;
}

/** Every route that needs a session, as the API describes itself. */
async function guarded({ origin }: Target): Promise<{ method: string; path: string }[]> {
  const { paths } = (await (await fetch(`${origin}/openapi.json`)).json()) as Document;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { security }]) => security === undefined || security.length > 0)
      .map(([method]) => ({ method: method.toUpperCase(), path: path.replaceAll(/\{[^}]+\}/g, 'x') })),
  );
}

const ask = ({ origin }: Target, { method, path }: { method: string; path: string }, headers: Record<string, string>) =>
  fetch(origin + path, {
    method,
    headers: { ...headers, ...(method === 'GET' || method === 'DELETE' ? {} : { 'content-type': 'application/json' }) },
    ...(method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }),
  });

test('after sign-out a token opens nothing, as header or as cookie, and its stream has ended', async () => {
  const target = await openTarget();
  const routes = await guarded(target);
  expect(routes.length).toBeGreaterThan(12);
  const bearer = { authorization: `Bearer ${target.token}` };
  const device = createDevice({ origin: () => target.origin, token: target.token });
  device.connect();
  await device.until(({ live }) => live, 'its snapshot');
  expect((await ask(target, { method: 'GET', path: '/v1/me' }, bearer)).status).toBe(200);

  expect((await ask(target, { method: 'DELETE', path: '/v1/auth/token' }, bearer)).status).toBe(204);
  await device.until(({ counts }) => counts.goodbyes.signed_out === 1, 'its goodbye');
  for (const route of routes) {
    for (const headers of [bearer, { cookie: `converso_session=${target.token}`, 'sec-fetch-site': 'same-origin' }]) {
      const { status } = await ask(target, route, headers);
      expect([route, status]).toEqual([route, 401]);
    }
  }
  // The agent's other session goes on.
  const other = { authorization: `Bearer ${target.business.agents[0]!.tokens[1]}` };
  expect((await ask(target, { method: 'GET', path: '/v1/me' }, other)).status).toBe(200);
});

test('no token, a broken one and a guessed one open nothing', async () => {
  const target = await openTarget();
  const { token } = target;
  const changed = (token[0] === 'A' ? 'B' : 'A') + token.slice(1);
  const carried = [
    '',
    'Bearer',
    'Bearer ',
    `Basic ${token}`,
    `Bearer ${changed}`,
    `Bearer ${token}x`,
    `Bearer ${token.slice(1)}`,
    `Bearer ${token} ${token}`,
    'Bearer null',
    `bearer\t${token.toUpperCase()}`,
  ];
  for (const route of await guarded(target)) {
    for (const authorization of carried) {
      const { status } = await ask(target, route, authorization === '' ? {} : { authorization });
      expect([route, authorization === '', status]).toEqual([route, authorization === '', 401]);
    }
  }
});

test('what the store keeps of tokens and codes is of no use to who steals it', async () => {
  const { place, business, origin } = await openTarget();
  await fetch(`${origin}/v1/auth/code`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: business.agents[0]!.email }),
  });
  const { readFileSync, readdirSync } = await import('node:fs');
  await expect.poll(() => readdirSync(`${place.folder}/mail`).length).toBe(1);
  const [email = ''] = readdirSync(`${place.folder}/mail`);
  const [code = ''] =
    /\b\d{6}\b/.exec(readFileSync(`${place.folder}/mail/${email}`, 'latin1').split('\r\n\r\n').slice(1).join()) ?? [];
  expect(code).toMatch(/^\d{6}$/);
  const store = ['', '-wal'].map((suffix) => readFileSync(place.databaseFile + suffix, 'latin1')).join('');
  for (const { tokens } of business.agents) for (const token of tokens) expect(store).not.toContain(token);
  const { default: SQLite } = await import('better-sqlite3');
  const db = new SQLite(place.databaseFile, { readonly: true });
  const kept = db.prepare('SELECT * FROM codes').all();
  db.close();
  expect(kept).toHaveLength(1);
  expect(JSON.stringify(kept)).not.toContain(code);
});
