import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { authSecret } from './auth-secret.ts';
import { type Config, inboxOf, readConfig } from './config.ts';
import { deadline } from './deadline.ts';
import { seedDemo } from './demo/seed.ts';
import type { AppDeps } from './deps.ts';
import { plan } from './domain/plan.ts';
import { hasNoMail, NO_MAIL, transportOf } from './email/transport.ts';
import { requestListener } from './http/middleware/one-at-a-time.ts';
import { startDescriptorWatch } from './jobs/descriptors.ts';
import { startRetentionJob } from './jobs/retention.ts';
import { startSlotJob } from './jobs/slots.ts';
import { startSyncJob } from './jobs/sync.ts';
import { describeError, type Log, logUnusable } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createCall } from './services/call.ts';
import { createSystemClock } from './services/clock-trust.ts';
import { createDigests } from './services/digests.ts';
import { createMailQueue } from './services/mail-queue.ts';
import { createRetention } from './services/retention.ts';
import { createSyncs } from './services/sync.ts';
import { sources } from './sources/index.ts';
import { openStore } from './store/open.ts';
import { createStreams } from './stream/streams.ts';
import { createLocalWakeups } from './wakeups/local.ts';

/** How long an orderly end may take before what is left is cut off. */
const CLOSE_MS = 10_000;

/**
 * Lines that may wait to be accepted: when a server comes back, all its devices knock at once, and who does not get in
 * tries again a second later, then three. The system may allow fewer (net.core.somaxconn on Linux).
 */
const BACKLOG = 16_384;

/**
 * Milliseconds. A client that sends headers or a body byte by byte only holds a connection, so it is cut off. Node.js
 * checks these limits every 30 s by default, which is too rarely. The keep-alive time is longer than the minute for
 * which proxies usually keep an idle connection.
 */
const SERVER_TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 15_000,
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 65_000,
};

export interface RunningServer {
  config: Config;
  /** Ends the streams first, then answers what has been asked, then closes the store. Takes at most 10 s. */
  close(): Promise<void>;
}

/** Why the server could not start; the message is one line for the operator. */
export class StartError extends Error {
  override name = 'StartError';
}

async function listen(server: Server, { port, host }: Config): Promise<number> {
  server.listen({ port, host, backlog: BACKLOG });
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new StartError(`Port ${port} on ${host} is in use. Stop what uses it, or set PORT.`);
    if (code === 'EACCES') throw new StartError(`This user may not listen on port ${port}; set PORT to another one.`);
    throw new StartError(`Cannot listen on ${host}:${port} (${code}); check HOST and PORT.`);
  }
  return (server.address() as AddressInfo).port;
}

/**
 * Puts the server together and lets it listen.
 * @throws ConfigError, StartError, or what opening the store throws
 */
export async function startServer(env: Record<string, string | undefined>, log: Log): Promise<RunningServer> {
  const wanted = readConfig(env);
  const secret = authSecret(wanted);
  const store = openStore(wanted.databaseUrl, (unusable) => logUnusable(log, unusable));
  const server = createServer(SERVER_TIMEOUTS);
  try {
    const clock = createSystemClock();
    if (wanted.demo) await seedDemo({ store, planner: plan, clock });
    const port = await listen(server, wanted);
    // From here to the listener nothing is awaited, so no request can arrive before there is one.
    // With PORT=0 the system has chosen the port only now, and links have to name it.
    const config = {
      ...(wanted.port === port ? wanted : readConfig({ ...env, PORT: String(port) })),
      authSecret: secret,
    };
    const metrics = createMetrics();
    const wakeups = createLocalWakeups();
    const { mailer, batches } = transportOf(config, clock);
    const mailQueue = createMailQueue({ mailer, log, metrics });
    const digests = createDigests({ store, batches, clock, log, metrics, config, sources });
    const streams = createStreams({ store, wakeups, clock, log, metrics, inbox: inboxOf(config), sources });
    const syncs = createSyncs({ store, wakeups, clock, log, metrics, config, sources, callTo: createCall });
    const deps: AppDeps = {
      store,
      wakeups,
      mailer,
      mailQueue,
      clock,
      config,
      log,
      metrics,
      digests,
      streams,
      sources,
      syncs,
    };
    server.on('request', requestListener(createApp(deps).fetch));
    log.info({ port, host: config.host, demo: config.demo }, 'listening');
    if (hasNoMail(config)) log.warn(NO_MAIL);
    const stopDescriptorWatch = startDescriptorWatch(log, metrics);
    const stopSlots = startSlotJob(digests, log);
    const stopSyncs = startSyncJob(syncs, log);
    const stopRetention = startRetentionJob(createRetention({ store, clock, log, metrics }), log);

    const closeAll = async (): Promise<void> => {
      stopDescriptorWatch();
      const closed = once(server, 'close');
      server.close();
      // A connection that is kept alive for further requests would keep the server open after its last answer.
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      await streams.close();
      await closed;
      clearInterval(sweep);
      await Promise.all([mailQueue.flush(), stopSlots(), stopRetention(), stopSyncs()]);
    };
    return {
      config,
      async close() {
        await deadline(closeAll(), CLOSE_MS).catch((error) => log.warn(describeError(error), 'cut off what was left'));
        server.closeAllConnections();
        await store.close();
      },
    };
  } catch (error) {
    server.close();
    await store.close();
    throw error;
  }
}
