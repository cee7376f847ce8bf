// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { deviceName } from '../../domain/device-name.ts';
import { isExposed, serverOrigin, serverRefusal } from '../../domain/server-address.ts';
import { parseBellEvent } from '../../domain/stream-event.ts';
import { ageOf, longestWait } from '../../domain/waiting.ts';
import { aMe, aNotification } from '../notification.ts';

describe('an age', () => {
  const MINUTE = 60_000;
  test.each([
    [0, 'minutes', 1],
    [59_999, 'minutes', 1],
    [59 * MINUTE, 'minutes', 59],
    [60 * MINUTE, 'hours', 1],
    [3.9 * 60 * MINUTE, 'hours', 3],
    [47 * 60 * MINUTE, 'hours', 47],
    [48 * 60 * MINUTE, 'days', 2],
  ])('%d ms', (ms, unit, count) => {
    expect(ageOf(ms)).toEqual({ unit, count });
  });

  test('is that of the chat that waits longest', () => {
    const now = Date.parse('2026-11-23T12:00:00Z');
    const chats = [
      aNotification({ waitingSince: '2026-11-23T11:00:00Z' }),
      aNotification({ waitingSince: '2026-11-23T09:00:00Z' }),
      aNotification({ waitingSince: null, createdAt: '2026-11-23T10:00:00Z' }),
    ];
    expect(longestWait(chats, now)).toBe(3 * 60 * MINUTE);
    expect(longestWait([], now)).toBe(0);
  });
});

describe("the server's address", () => {
  test.each([
    ['https://chat.example/', 'https://chat.example'],
    [' chat.example ', 'https://chat.example'],
    ['chat.example:8443/path?x', 'https://chat.example:8443'],
    ['localhost:8787', 'http://localhost:8787'],
    ['127.0.0.1:8787', 'http://127.0.0.1:8787'],
    ['http://10.0.0.1', 'http://10.0.0.1'],
    ['ftp://chat.example', null],
    ['javascript:alert(1)', null],
    ['not an address', null],
    ['', null],
  ])('%j is %j', (typed, origin) => {
    expect(serverOrigin(typed)).toBe(origin);
  });

  test.each([
    ['no policy', {}, true],
    ['a suggestion', { server: 'https://other.example' }, true],
    ['locked to another', { server: 'https://other.example', lockServer: true }, false],
    ['locked to this', { server: 'https://chat.example/', lockServer: true }, true],
    ['locked to nothing', { lockServer: true }, true],
  ])('is allowed or not: %s', (_name, policy, allowed) => {
    expect(serverRefusal(policy, 'https://chat.example')).toBe(allowed ? null : 'locked');
  });

  test.each([
    ['http://localhost:8787', false],
    ['http://app.localhost', false],
    ['http://127.1.2.3', false],
    ['http://[::1]:8787', false],
    ['http://10.0.0.1', false],
    ['http://172.16.0.1', false],
    ['http://172.31.255.1', false],
    ['http://192.168.1.2:8787', false],
    ['http://169.254.1.1', false],
    ['http://[fd00::1]', false],
    ['http://[fe80::1]', false],
    ['https://chat.example', false],
    ['http://chat.example', true],
    ['http://chat', true],
    ['http://10.evil.example', true],
    ['http://localhost.evil.example', true],
    ['http://172.32.0.1', true],
    ['http://192.169.0.1', true],
    ['http://8.8.8.8', true],
    ['http://[2001:db8::1]', true],
    // As URLs write 10.0.0.1 and 127.0.0.1 in other forms.
    [new URL('http://0x0a000001').origin, false],
    [new URL('http://2130706433').origin, false],
  ])('%s can be read on its way: %s', (origin, exposed) => {
    expect(isExposed(origin)).toBe(exposed);
    expect(serverRefusal({}, origin)).toBe(exposed ? 'plain_http' : null);
  });

  test('may be plain http anywhere where the policy says so', () => {
    expect(serverRefusal({ allowHttp: true }, 'http://chat.example')).toBeNull();
    expect(serverRefusal({ server: 'http://chat.example' }, 'http://chat.example')).toBeNull();
    expect(serverRefusal({ server: 'http://other.example' }, 'http://chat.example')).toBe('plain_http');
  });
});

test.each([
  [
    [{ brand: 'Not)A;Brand' }, { brand: 'Google Chrome' }, { brand: 'Chromium' }],
    'Windows',
    'Google Chrome on Windows',
  ],
  [[{ brand: 'Chromium' }, { brand: 'Not A(Brand' }], 'Linux', 'Chromium on Linux'],
  [[], '', 'Browser'],
])('the device is named by its browser and its system', (brands, platform, name) => {
  expect(deviceName({ brands, platform })).toBe(name);
});

test('a device that says nothing of itself has a name all the same', () => {
  expect(deviceName(undefined)).toBe('Browser');
});

describe('an event', () => {
  const good = { ...aNotification(), unread: 1 };
  test('of a type this version does not know is nothing', () => {
    expect(parseBellEvent('conversations', '{}')).toBeNull();
    expect(parseBellEvent('toString', '{}')).toBeNull();
  });
  test('may say more than this version knows', () => {
    const event = parseBellEvent('notification', JSON.stringify({ ...good, mood: 'new', why: 'because' }));
    expect(event).toMatchObject({ type: 'notification', data: { mood: 'new' } });
  });
  test.each([
    ['notification', '{'],
    ['notification', 'null'],
    ['notification', '{}'],
    ['notification', JSON.stringify({ ...good, seq: '1' })],
    ['notification', JSON.stringify({ ...good, unread: undefined })],
    ['notification', JSON.stringify({ ...good, conversation: { id: 'c1' } })],
    ['snapshot', JSON.stringify({ me: aMe(), unread: 0, items: [{}] })],
    ['snapshot', JSON.stringify({ me: null, unread: 0, items: [] })],
    ['preferences', '{}'],
  ])('%s %s is refused', (type, json) => {
    expect(() => parseBellEvent(type, json)).toThrow();
  });
});
