import type { HttpBindings } from '@hono/node-server';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Mailer } from './ports/mail.ts';
import type { Store } from './ports/store.ts';
import type { Caller, Clock } from './ports/types.ts';
import type { Wakeups } from './ports/wakeups.ts';
import type { Digests } from './services/digests.ts';
import type { MailQueue } from './services/mail-queue.ts';
import type { Sources } from './services/plugged.ts';
import type { Syncs } from './services/sync.ts';
import type { Streams } from './stream/streams.ts';

/** Everything the routes need; `main.ts` puts it together, tests put in what they like. */
export interface AppDeps {
  store: Store;
  wakeups: Wakeups;
  mailer: Mailer;
  /** Hands over emails that no answer may wait for. */
  mailQueue: MailQueue;
  clock: Clock;
  config: Config & { authSecret: string };
  log: Log;
  metrics: Metrics;
  /** The scheduled emails. */
  digests: Digests;
  /** The foreign systems that can be plugged in. */
  sources: Sources;
  syncs: Syncs;
  /** The open event streams of this process. */
  streams: Streams;
}

/** What Hono's context holds: Node's own request and response, and who is asking. */
export interface AppEnv {
  Bindings: HttpBindings;
  Variables: {
    /** Set by `authenticate`. */
    caller: Caller;
    requestId: string;
  };
}
