import type { SourceRow } from '../ports/source-store.ts';
import { moment } from './output.ts';

type Heard = Pick<SourceRow, 'paused' | 'lastReceivedAt' | 'lastFailure' | 'lastFailureAt' | 'syncedAt'>;

/** What a source does, in words for the operator. */
export const stateOf = ({ paused, lastReceivedAt }: Pick<Heard, 'paused' | 'lastReceivedAt'>): string => {
  if (paused) return 'paused';
  return lastReceivedAt === null ? 'waits for its first event' : 'works';
};

/** A failed request counts until another one came, a failed sync until one succeeded. */
export const failureOf = ({ lastFailure, lastFailureAt, lastReceivedAt, syncedAt }: Heard): string | null => {
  const since = lastFailure?.startsWith('sync: ') ? syncedAt : lastReceivedAt;
  return (since ?? 0) <= (lastFailureAt ?? 0) ? lastFailure : null;
};

/** State, last event, last sync and what is wrong, in one line. */
export const inOneLine = (source: Heard & Pick<SourceRow, 'kind'>): string => {
  const failure = failureOf(source);
  return [
    `${source.kind}, ${stateOf(source)}`,
    `last event ${moment(source.lastReceivedAt)}`,
    `last sync ${moment(source.syncedAt)}`,
    ...(failure === null ? [] : [failure]),
  ].join('; ');
};
