/** The composition root: the only file, with `cli/adapters.ts`, that names adapters. `serve.ts` and `start.ts` run it. */
import { createApp } from './app.ts';
import { authSecret } from './auth-secret.ts';
import { type Config, hasNoMail, inboxOf, NO_MAIL, readConfig } from './config.ts';
import { deadline } from './deadline.ts';
import { seedDemo } from './demo/seed.ts';
import type { AppDeps } from './deps.ts';
import { plan } from './domain/plan.ts';
import { transportOf } from './email/transport.ts';
import { closeServer, createHttpServer, listen } from './http/listen.ts';
import { requestListener } from './http/middleware/one-at-a-time.ts';
import { startDescriptorWatch } from './jobs/descriptors.ts';
import { startRetentionJob } from './jobs/retention.ts';
import { startSlotJob } from './jobs/slots.ts';
import { startSyncJob } from './jobs/sync.ts';
import { describeError, type Log, logUnusable } from './log.ts';
import { createMetrics } from './metrics.ts';
import { createCall } from './services/call.ts';
import { createSystemClock } from './services/clock-trust.ts';
import { createDigests } from './services/digests/digests.ts';
import { completeMe } from './services/inboxes.ts';
import { createMailQueue } from './services/mail-queue.ts';
import { createRetention } from './services/retention.ts';
import { createSyncs } from './services/sync.ts';
import { sources } from './sources/index.ts';
import { openStore } from './store/open.ts';
import { createStreams } from './stream/streams.ts';
import { createLocalWakeups } from './wakeups/local.ts';

/** How long an orderly end may take before what is left is cut off. */
const CLOSE_MS = 10_000;

export interface RunningServer {
  config: Config;
  /** Ends the streams first, then answers what has been asked, then closes the store. Takes at most 10 s. */
  close(): Promise<void>;
}

/**
 * Puts the server together and lets it listen.
 * @throws ConfigError, StartError, or what opening the store throws
 */
export async function startServer(env: Record<string, string | undefined>, log: Log): Promise<RunningServer> {
  const wanted = readConfig(env);
  const secret = authSecret(wanted);
  const store = openStore(wanted.databaseUrl, (unusable) => logUnusable(log, unusable));
  const server = createHttpServer();
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
    const streams = createStreams({
      store,
      wakeups,
      clock,
      log,
      metrics,
      completeMe: (me) => completeMe(me, inboxOf(config), sources),
    });
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
      const closed = closeServer(server);
      await streams.close();
      await closed;
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
