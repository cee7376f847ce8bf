import { randomUUID } from 'node:crypto';
import type { IngestEvent } from '@converso/shared';
import type { Config } from '../config.ts';
import type { Store } from '../ports/store.ts';
import type { Clock } from '../ports/types.ts';
import { sign } from '../services/signature.ts';
import { DEMO_BUSINESS } from './business.ts';

/** Sends events of the demo's business. Rejects unless the server accepts them. */
export type Send = (...events: IngestEvent[]) => Promise<void>;

const hostOf = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/**
 * Sends as every sender does: signed, over HTTP, to the server's own address.
 * @param config read at each event, because the port may be known only once the server listens
 */
export function createSender(
  config: Pick<Config, 'host' | 'port'>,
  store: Pick<Store, 'signingSecrets'>,
  clock: Clock,
): Send {
  return async (...events) => {
    const [secret] = await store.signingSecrets(DEMO_BUSINESS.id, clock.now());
    if (secret === undefined) throw new Error('The demo business is gone.');
    const url = `http://${hostOf(config.host)}:${config.port}/v1/businesses/${DEMO_BUSINESS.id}/events`;
    for (const event of events) {
      const body = JSON.stringify(event);
      const headers = {
        'Content-Type': 'application/json',
        ...sign(secret, `demo-${randomUUID()}`, new Date(clock.now()), body),
      };
      const answer = await fetch(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(10_000) });
      if (answer.status !== 202) throw new Error(`The demo's ${event.type} was answered ${answer.status}.`);
    }
  };
}
