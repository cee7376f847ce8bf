import { describe, expect, test } from 'vitest';
import { createLog, describeError } from '../src/log.ts';
import { openApp } from './http/in-process.ts';

const kept = () => {
  const lines: string[] = [];
  return { lines, log: createLog('trace', { write: (line) => void lines.push(line) }) };
};

describe('logs', () => {
  test('tell nothing of who wrote what to whom, whatever the level', async () => {
    const { addBusiness, codeFor, post, get, tell, logged, call } = openApp();
    await addBusiness('acme', { ana: 'ana@acme.example' });
    await tell('acme', 'group.saved', { group: { id: 'g', name: 'Reservations', agentIds: ['ana'] } });
    const code = await codeFor('ana@acme.example');
    const { token } = (await post('/v1/auth/token', { email: 'ana@acme.example', code, device: 'Chromebook' })).body;
    await tell('acme', 'message.received', {
      conversation: { id: 'conversation-7', groupId: 'g', channel: 'whatsapp' },
      from: { address: '+447700900123', name: 'Emma' },
      message: { id: 'm1', text: 'Is the pool heated?' },
    });
    await get('/v1/notifications', { token });
    await post('/v1/conversations/conversation-7/read', undefined, { token });
    await get(`/inbox/conversation-7?secret=${token}`);
    await call('DELETE', '/v1/auth/token', { token });
    expect(logged.length).toBeGreaterThan(5);
    const said = logged.join('');
    for (const secret of [
      'ana@',
      code,
      token,
      'Emma',
      '447700900123',
      'pool',
      'Reservations',
      'Chromebook',
      'conversation-7',
    ]) {
      expect(said).not.toContain(secret);
    }
  });

  test('name the route, the status and how long it took', async () => {
    const { get, logged } = openApp();
    await get('/v1/me');
    expect(JSON.parse(logged.at(-1)!)).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      requestId: expect.any(String),
      method: 'GET',
      route: '/v1/me',
      status: 401,
      ms: expect.any(Number),
    });
  });

  test('censor personal fields that slip in', () => {
    const { log, lines } = kept();
    log.info({ email: 'ana@acme.example', customer: { name: 'Emma', id: 7 } });
    expect(JSON.parse(lines[0]!)).toMatchObject({ email: '[redacted]', customer: { name: '[redacted]', id: 7 } });
  });

  test('leave out what is below their level', () => {
    const lines: string[] = [];
    createLog('warn', { write: (line) => void lines.push(line) }).info('nothing');
    expect(lines).toEqual([]);
  });
});

test('an error is described by kind, code and place, causes included, never by its message', () => {
  const cause = Object.assign(new RangeError('Emma'), { code: 'ERR_X' });
  const described = describeError(new Error('Emma wrote', { cause }));
  expect(described).toMatchObject({ kind: 'Error', cause: { kind: 'RangeError', errorCode: 'ERR_X' } });
  expect(JSON.stringify(described)).not.toContain('Emma');
  expect(describeError('Emma')).toEqual({ kind: 'string' });
});
