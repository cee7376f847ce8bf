/** A real SMTP server (npm smtp-server) that refuses, postpones, breaks off or hangs wherever a test wants. */
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';

export interface DeliveredMail {
  to: string;
  from: string;
  subject: string;
  messageId: string;
  header: string;
}

type Step = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data';

/** What happens to the next session instead of delivery. At `data` the whole message has been read. */
export type SmtpTrouble =
  | { refuse: number; at: Step }
  | { cut: Step }
  /** Takes the message, and the answer never arrives. */
  | 'take and cut'
  | 'take and hang'
  /** Begins to read the message and breaks off. */
  | 'cut in the message';

export type SmtpStandIn = Awaited<ReturnType<typeof startSmtp>>;

const answer = (code: number): Error => Object.assign(new Error('ana@example.com says no'), { responseCode: code });

/** @param user the name and password it asks for; none if it lets everybody in */
export async function startSmtp({
  user,
  ...options
}: { user?: { name: string; pass: string } } & SMTPServerOptions = {}) {
  const delivered: DeliveredMail[] = [];
  const troubles: SmtpTrouble[] = [];
  const ofSession = new Map<string, SmtpTrouble>();
  let sessions = 0;
  /** Called when a message has been read, before it is taken or answered. */
  let onMessage: () => void | Promise<void> = () => undefined;
  /** Called when a message was taken, before the answer. */
  let onTaken: () => void | Promise<void> = () => undefined;

  function cut({ id }: SMTPServerSession): void {
    const connections = server.connections as Set<{ id: string; _socket: Socket }>;
    for (const connection of connections) if (connection.id === id) connection._socket.destroy();
  }

  /** True if the session ends here. */
  function trouble(step: Step, session: SMTPServerSession, callback: (error?: Error) => void): boolean {
    const met = ofSession.get(session.id);
    if (typeof met !== 'object') return false;
    if ('cut' in met && met.cut === step) cut(session);
    else if ('refuse' in met && met.at === step) callback(answer(met.refuse));
    else return false;
    return true;
  }

  const server = new SMTPServer({
    authOptional: user === undefined,
    disabledCommands: user === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    ...options,
    onConnect(session, callback) {
      sessions += 1;
      const met = troubles.shift();
      if (met !== undefined) ofSession.set(session.id, met);
      if (!trouble('connect', session, callback)) callback();
    },
    onAuth({ username, password }, session, callback) {
      if (trouble('auth', session, callback)) return;
      const right = username === user?.name && password === user?.pass;
      callback(right ? null : answer(535), right ? { user: username } : undefined);
    },
    onMailFrom(_, session, callback) {
      if (!trouble('mail', session, callback)) callback();
    },
    onRcptTo(_, session, callback) {
      if (!trouble('rcpt', session, callback)) callback();
    },
    async onData(stream, session, callback) {
      const met = ofSession.get(session.id);
      if (met === 'cut in the message') {
        stream.once('data', () => cut(session));
        return;
      }
      const raw = await text(stream);
      await onMessage();
      if (trouble('data', session, callback)) return;
      const { subject = '', messageId = '', from } = await PostalMime.parse(raw);
      const [to] = session.envelope.rcptTo;
      const header = raw.slice(0, raw.indexOf('\r\n\r\n'));
      delivered.push({ to: to?.address ?? '', from: from?.address ?? '', subject, messageId, header });
      await onTaken();
      if (met === 'take and cut') cut(session);
      else if (met !== 'take and hang') callback();
    },
  });
  // A session that is cut or killed is what the tests are about.
  server.on('error', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;

  return {
    port,
    url: `smtp://${user === undefined ? '' : `${user.name}:${user.pass}@`}127.0.0.1:${port}`,
    delivered,
    sessions: () => sessions,
    /** The next sessions meet these, one each. */
    meet: (...more: SmtpTrouble[]) => void troubles.push(...more),
    onMessage(listener: typeof onMessage) {
      onMessage = listener;
    },
    onTaken(listener: typeof onTaken) {
      onTaken = listener;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
