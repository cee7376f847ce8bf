import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** What `/metrics` tells of this process. Labels are words of ours, never ids or names. */
export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    /** Seconds from request to answer; for a stream, until it is open. */
    requests: new Histogram({
      name: 'converso_http_request_duration_seconds',
      help: 'Seconds from the request to its answer, by route.',
      labelNames: ['method', 'route', 'status'] as const,
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    /** `outcome`: stored, duplicate, refused, failed. */
    events: new Counter({
      name: 'converso_events_total',
      help: 'Events received, by type and outcome.',
      labelNames: ['type', 'outcome'] as const,
      registers,
    }),
    /** `outcome`: as above, and skipped, ignored, unusable, failed_reply. */
    sourceEvents: new Counter({
      name: 'converso_source_events_total',
      help: 'What foreign systems sent, by kind of system and outcome.',
      labelNames: ['source', 'outcome'] as const,
      registers,
    }),
    /** Revisions of notifications written to a stream. */
    notificationsSent: new Counter({
      name: 'converso_notifications_sent_total',
      help: 'Notifications written to streams, revisions counted each.',
      registers,
    }),
    /** Streams ended by the server, by the reason it said goodbye with. */
    goodbyes: new Counter({
      name: 'converso_stream_goodbyes_total',
      help: 'Streams ended by the server, by reason.',
      labelNames: ['reason'] as const,
      registers,
    }),
    /** `kind`: sign_in, digest; `outcome`: sent, retried, failed, unknown, over_limit. */
    mails: new Counter({
      name: 'converso_mails_total',
      help: 'Emails handed over, by kind and outcome.',
      labelNames: ['kind', 'outcome'] as const,
      registers,
    }),
    /** Counted once a second while it lasts. */
    outOfDescriptors: new Counter({
      name: 'converso_out_of_file_descriptors_seconds_total',
      help: 'Seconds in which no file descriptor was left, so that new connections were closed.',
      registers,
    }),
    wrongCodes: new Counter({
      name: 'converso_sign_in_wrong_codes_total',
      help: 'Wrong, used, spent and expired sign-in codes.',
      registers,
    }),
    signInCeilingReached: new Counter({
      name: 'converso_sign_in_ceiling_reached_total',
      help: 'How often sign-in was refused for everybody, because too many codes were tried on this server.',
      registers,
    }),
    /** `kind` as in `domain/retention.ts`. */
    pruned: new Counter({
      name: 'converso_pruned_total',
      help: 'What was removed because nobody needs it any more, by kind.',
      labelNames: ['kind'] as const,
      registers,
    }),
  };
}
