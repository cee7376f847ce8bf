/** `SMTP_URL`: `smtp://user:password@smtp.example.com:587`, or `smtps:` for TLS from the first byte (RFC 8314). */
import { z } from 'zod';
import { isLoopback } from './loopback.ts';

export interface SmtpServer {
  host: string;
  port: number;
  /** TLS from the first byte (`smtps:`); otherwise STARTTLS where the server offers it. */
  secure: boolean;
  /** A server that does not offer STARTTLS is refused. */
  requireTls: boolean;
  auth: { user: string; pass: string } | null;
}

const EXAMPLE = 'smtp://user:password@smtp.example.com:587, with special characters percent-encoded';
const PORTS = { 'smtp:': 587, 'smtps:': 465 } as const;

const isSmtp = (protocol: string): protocol is keyof typeof PORTS => Object.hasOwn(PORTS, protocol);

/** Null if it is no such URL. */
function parsed(text: string): SmtpServer | null {
  if (!URL.canParse(text)) return null;
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text);
  if (!isSmtp(protocol) || hostname === '' || pathname.length > 1 || search + hash !== '') return null;
  if ((username === '') !== (password === '')) return null;
  const decode = (part: string): string | null => {
    try {
      return decodeURIComponent(part);
    } catch {
      return null;
    }
  };
  const [user, pass] = [decode(username), decode(password)];
  if (user === null || pass === null) return null;
  const secure = protocol === 'smtps:';
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? PORTS[protocol] : Number(port),
    secure,
    // A password does not travel in the clear, except on this machine.
    requireTls: !secure && user !== '' && !isLoopback(hostname),
    auth: user === '' ? null : { user, pass },
  };
}

export const SmtpUrl = z.string().transform((text, context) => {
  const server = parsed(text);
  if (server !== null) return server;
  context.addIssue({ code: 'custom', message: `must be a URL such as ${EXAMPLE}` });
  return z.NEVER;
});
