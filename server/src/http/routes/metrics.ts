import { Gauge } from 'prom-client';
import type { AppDeps } from '../../deps.ts';
import { describeError } from '../../log.ts';
import { StoreUnusable } from '../../ports/store.ts';
import { newRoutes } from '../problem.ts';

/**
 * What Prometheus scrapes. The store is asked at each scrape, so its figures are those of the moment. Whoever
 * may reach the server may read this; a proxy in front should not pass it on (see docs/operate.md).
 */
export function metricsRoutes({ metrics: { registry }, store, streams, digests, log }: AppDeps) {
  /** Null where the store could not be asked: the other figures are wanted most just then. */
  const readable = async <Value>(collect: () => Value | Promise<Value>): Promise<Value | null> => {
    try {
      return await collect();
    } catch (error) {
      log[error instanceof StoreUnusable ? 'debug' : 'warn'](describeError(error), 'a figure could not be read');
      return null;
    }
  };

  const gauge = (name: string, help: string, collect: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        this.remove();
        const value = await readable(collect);
        if (value !== null) this.set(value);
      },
    });

  gauge('converso_streams_open', 'Event streams open now.', () => streams.open);
  gauge('converso_mail_paused', '1 while no scheduled email is sent: a quota is used up or the key is refused.', () =>
    digests.paused() ? 1 : 0,
  );
  gauge('converso_mail_batches_waiting', 'Batches of scheduled emails that are not handed over yet.', () =>
    store.batchesWaiting(),
  );
  gauge('converso_store_usable', '0 once the store is damaged or its file was replaced, until the next start.', () =>
    store.usable() ? 1 : 0,
  );
  const kept = new Gauge({
    name: 'converso_store_rows',
    help: 'What the store holds, by kind.',
    labelNames: ['kind'],
    registers: [registry],
    async collect() {
      kept.reset();
      const figures = await readable(() => store.figures());
      for (const [kind, count] of Object.entries(figures ?? {})) kept.set({ kind }, count);
    },
  });

  const app = newRoutes();
  app.get('/metrics', async (c) => c.body(await registry.metrics(), 200, { 'Content-Type': registry.contentType }));
  return app;
}
