import type { Context } from 'hono';
import ipaddr from 'ipaddr.js';
import type { AppEnv } from '../../deps.ts';

/** An address of X-Forwarded-For as proxies write it: bare, in brackets or quotes, with or without a port. */
const HOP = /^"?(?:\[([^[\]]+)\](?::\d{1,5})?|([\d.]+)(?::\d{1,5})?|([\da-f:.]+))"?$/i;

/** The canonical form of an IPv4 address in four decimal parts or of an IPv6 address; null for everything else. */
function addressIn(hop: string): string | null {
  const [, bracketed, v4, v6] = HOP.exec(hop.trim()) ?? [];
  const text = bracketed ?? v4 ?? v6 ?? '';
  const isAddress = text.includes(':') ? ipaddr.IPv6.isValid(text) : ipaddr.IPv4.isValidFourPartDecimal(text);
  return isAddress ? ipaddr.process(text).toString() : null;
}

/**
 * The address of the client, as far as it can be believed: each trusted proxy appends the address it saw to
 * X-Forwarded-For, so with `trustProxy` of them the client's is that many from the right. Whatever stands
 * further left anyone may have written. Where the header is missing, too short, or holds no address there, the
 * socket's address counts: a word that nobody checks would give its writer a limit of its own.
 */
export function clientAddress(c: Context<AppEnv>, trustProxy: number): string {
  const socket = c.env?.incoming?.socket.remoteAddress ?? 'unknown';
  if (trustProxy === 0) return socket;
  const hops = (c.req.header('x-forwarded-for') ?? '').split(',');
  return addressIn(hops.at(-trustProxy) ?? '') ?? socket;
}

/**
 * What a limit counts by. An IPv6 client owns at least a /64 and could take a fresh address for every request,
 * so those count as one.
 */
export function clientKey(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  return `${parsed.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
