import { Hono } from 'hono';
import { describe, expect, test } from 'vitest';
import type { AppEnv } from '../../src/deps.ts';
import { clientAddress, clientKey } from '../../src/http/middleware/client-address.ts';

const seen = async (trustProxy: number, forwarded?: string): Promise<string> => {
  const app = new Hono<AppEnv>().get('/', (c) => c.text(clientAddress(c, trustProxy)));
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  const bindings = { incoming: { socket: { remoteAddress: '10.0.0.1' } } };
  return (await app.request('/', { headers }, bindings)).text();
};

describe("the client's address", () => {
  test.each([
    [0, undefined, '10.0.0.1'],
    [0, '1.1.1.1', '10.0.0.1'],
    [1, undefined, '10.0.0.1'],
    [1, '', '10.0.0.1'],
    [1, '1.1.1.1', '1.1.1.1'],
    [1, '6.6.6.6, 1.1.1.1', '1.1.1.1'],
    [2, '6.6.6.6, 1.1.1.1 , 10.0.0.2', '1.1.1.1'],
    [2, '1.1.1.1', '10.0.0.1'],
    [1, '203.0.113.7:1001', '203.0.113.7'],
    [1, '[2001:db8::1]:443', '2001:db8::1'],
    [1, '[2001:db8::1]', '2001:db8::1'],
    [1, '2001:DB8::1', '2001:db8::1'],
    [1, '"[2001:db8::1]:443"', '2001:db8::1'],
    [1, '::ffff:203.0.113.7', '203.0.113.7'],
    [1, '::ffff:cb00:7107', '203.0.113.7'],
    [1, '203.0.113.7, unknown', '10.0.0.1'],
    [1, '_hidden', '10.0.0.1'],
    [1, '203.0.113.7:port', '10.0.0.1'],
    [1, '203.0.113', '10.0.0.1'],
    [1, '0313.0.113.7', '10.0.0.1'],
    [1, '2001:db8::1]', '10.0.0.1'],
    [1, '203.0.113.256', '10.0.0.1'],
    [1, '203.0.113.7,', '10.0.0.1'],
  ])('with %i proxies and the header %j is %s', async (trustProxy, forwarded, expected) => {
    expect(await seen(trustProxy, forwarded)).toBe(expected);
  });
});

describe('limits count', () => {
  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['2001:db8:1:2::255.255.255.255', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['unknown', 'unknown'],
  ])('%s as %s', (address, key) => {
    expect(clientKey(address)).toBe(key);
  });
});
