import type { ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { HEARTBEAT_MS } from '@converso/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { StreamRead } from '../../src/ports/store.ts';
import type { Caller } from '../../src/ports/types.ts';
import { completeMe } from '../../src/services/inboxes.ts';
import { createStreams } from '../../src/stream/streams.ts';
import { createLocalWakeups } from '../../src/wakeups/local.ts';

const caller = (sessionId: string): Caller => ({
  sessionId,
  agentKey: 1,
  businessId: 'b1',
  agent: { id: 'ana', name: 'Ana', email: 'ana@acme.example', role: 'agent' },
});

/** The server's end of a connection that takes everything. */
function outgoing() {
  const line = new PassThrough();
  const stream = { destroyed: false, socket: Object.assign(line, { destroySoon: () => line.destroy() }) };
  let beats = 0;
  line.on('data', (chunk: Buffer) => {
    if (chunk.toString() === ':\n\n') beats += 1;
  });
  return { response: stream as unknown as ServerResponse, beats: () => beats };
}

const upToDate: StreamRead = { outcome: 'changes', changes: [], unread: 0, cursor: 1, more: false };
let reads = 0;
const store = {
  recentChanges: () => null,
  changes: async () => {
    reads += 1;
    return upToDate;
  },
  snapshot: async () => ({ outcome: 'ended' as const }),
  groupKeys: async () => [],
  connected: async () => {},
};

beforeEach(() => {
  reads = 0;
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

test('every stream gets a comment each 20 s, those opened at other times at other times, and looks for what was missed', async () => {
  expect(HEARTBEAT_MS).toBe(20_000);
  const streams = createStreams({
    store,
    wakeups: createLocalWakeups(),
    clock: { now: () => 0 },
    log: createLog('silent'),
    metrics: createMetrics(),
    completeMe: (me) => completeMe(me, { url: '', conversationUrl: '', canTake: true }, {}),
  });
  const [first, second] = [outgoing(), outgoing()];
  const request = { cursor: 1, byCookie: false, conversations: false };
  streams.accept(caller('s1'), first.response, request);
  vi.advanceTimersByTime(5_000);
  streams.accept(caller('s2'), second.response, request);
  expect(reads).toBe(2);

  const seen = async (ms: number) => {
    vi.advanceTimersByTime(ms);
    // Streams hand over their bytes in a later turn.
    await new Promise(setImmediate);
    return [first.beats(), second.beats()];
  };
  expect(await seen(14_999)).toEqual([0, 0]);
  expect(await seen(1)).toEqual([1, 0]);
  expect(await seen(4_999)).toEqual([1, 0]);
  expect(await seen(1)).toEqual([1, 1]);
  expect(reads).toBe(4);
  expect(await seen(60_000)).toEqual([4, 4]);
  await streams.close();
  expect(await seen(60_000)).toEqual([4, 4]);
});
