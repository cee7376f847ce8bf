import { isIPv6 } from 'node:net';
import type { Context } from 'hono';
import type { AppEnv } from '../deps.ts';

/**
 * The address of the client, as far as it can be believed: each trusted proxy appends the address it saw to
 * X-Forwarded-For, so with `trustProxy` of them the client's is that many from the right. Whatever stands
 * further left anyone may have written. Where the header is missing or too short, the socket's address.
 */
export function clientAddress(c: Context<AppEnv>, trustProxy: number): string {
  const socket = c.env?.incoming?.socket.remoteAddress ?? 'unknown';
  if (trustProxy === 0) return socket;
  const hops = (c.req.header('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim());
  return hops.at(-trustProxy) || socket;
}

/**
 * What a limit counts by. An IPv6 client owns at least a /64 and could take a fresh address for every request,
 * so those count as one.
 */
export function clientKey(address: string): string {
  const [mapped] = /(?<=^::ffff:)\d+\.\d+\.\d+\.\d+$/i.exec(address) ?? [];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.split('%')[0]!.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail ? tail.split(':') : [];
  const zeros = tail === undefined ? [] : Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0');
  const prefix = [...left, ...zeros, ...right].slice(0, 4);
  return `${prefix.map((part) => Number.parseInt(part, 16).toString(16)).join(':')}::/64`;
}
