import type { HttpBindings } from '@hono/node-server';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Caller, Clock, Mailer, Store, Wakeups } from './ports.ts';

/** The open event streams of this process. */
export interface Streams {
  /** How many are open now. */
  readonly open: number;
  /** Says `goodbye` (restart) on every stream and ends it; no new one is accepted afterwards. */
  close(): Promise<void>;
}

/** Everything the routes need; `main.ts` puts it together, tests put in what they like. */
export interface AppDeps {
  store: Store;
  wakeups: Wakeups;
  mailer: Mailer;
  clock: Clock;
  config: Config;
  log: Log;
  metrics: Metrics;
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
