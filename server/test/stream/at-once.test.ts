/** The short way of a stream: what was told a moment ago is written in the wake itself, and nothing is told twice or left out. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { StoredMe, StreamChanges, StreamRead } from '../../src/ports/store.ts';
import { completeMe } from '../../src/services/inboxes.ts';
import { Connection } from '../../src/stream/connection.ts';

const CALLER = { sessionId: 's1', agentKey: 1 };

/** Changes `from` to `to`, each with a JSON text of its own. */
const changes = (from: number, to: number, more = false): StreamChanges => ({
  outcome: 'changes',
  changes: Array.from({ length: to - from + 1 }, (_, index) => ({
    type: 'notification',
    seq: from + index,
    json: `{"seq":${from + index}}`,
  })),
  unread: to,
  cursor: to,
  more,
});
const nothing = (cursor: number): StreamChanges => ({ ...changes(1, 0), unread: cursor, cursor });

/** Reads resolve when the test says so; what is at hand is what it puts there. */
function heldStore() {
  const store = {
    reads: [] as { cursor: number; answer(read: StreamRead): void }[],
    atHand: (_cursor: number): StreamChanges | null => null,
    recentChanges: (_: string, cursor: number) => store.atHand(cursor),
    changes: (_: string, cursor: number) =>
      new Promise<StreamRead>((resolve) => store.reads.push({ cursor, answer: resolve })),
    snapshot: async () => ({ outcome: 'ended' as const }),
  };
  return store;
}

describe('a stream that is woken', () => {
  const closing: (() => void)[] = [];
  let store: ReturnType<typeof heldStore>;
  let connection: Connection;
  let errors: string[];
  let text: string;
  const seqs = () => [...text.matchAll(/"seq":(\d+)/g)].map(([, seq]) => Number(seq));

  beforeEach(async () => {
    store = heldStore();
    errors = [];
    text = '';
    const opened = Promise.withResolvers<Connection>();
    const server = createServer((_, outgoing) => {
      const deps = {
        store,
        clock: { now: () => Date.now() },
        log: createLog('error', { write: (line) => void errors.push(line) }),
        metrics: createMetrics(),
        completeMe: (me: StoredMe) => completeMe(me, { url: '', conversationUrl: '', canTake: true }, {}),
        writeDeadlineMs: 5_000,
        goodbyeGraceMs: 100,
      };
      opened.resolve(new Connection(deps, CALLER, outgoing, 0));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    closing.push(() => {
      socket.destroy();
      server.close();
    });
    socket.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
    connection = await opened.promise;
  });
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  const caughtUp = async () => {
    store.reads.shift()!.answer(nothing(0));
    await expect.poll(() => text).toContain('event: caught_up');
    // The read that it was opened with is over only when its promise is.
    await new Promise(setImmediate);
  };

  it('writes what is at hand without a read', async () => {
    await caughtUp();
    store.atHand = (cursor) => (cursor < 2 ? changes(cursor + 1, 2) : null);
    connection.wake();
    await expect.poll(seqs).toEqual([1, 2]);
    expect(store.reads).toEqual([]);
  });

  it('leaves it to the read that is under way, and tells nothing twice', async () => {
    store.atHand = (cursor) => (cursor < 2 ? changes(cursor + 1, 2) : null);
    connection.wake();
    store.reads.shift()!.answer(changes(1, 1));
    await expect.poll(seqs).toEqual([1, 2]);
    expect(text.indexOf('event: caught_up')).toBeLessThan(text.indexOf('"seq":2'));
  });

  it('goes on by itself where there is more than it takes at once', async () => {
    await caughtUp();
    store.atHand = (cursor) => (cursor === 0 ? changes(1, 2, true) : null);
    connection.wake();
    await expect.poll(() => store.reads.map(({ cursor }) => cursor)).toEqual([2]);
    store.reads.shift()!.answer(changes(3, 4));
    await expect.poll(seqs).toEqual([1, 2, 3, 4]);
  });

  it('reads where nothing is at hand', async () => {
    await caughtUp();
    connection.wake();
    store.reads.shift()!.answer(changes(1, 1));
    await expect.poll(seqs).toEqual([1]);
  });

  it('ends with the word to come back if that fails, and does not disturb who wakes it', async () => {
    await caughtUp();
    store.atHand = () => {
      throw new Error('broken');
    };
    connection.wake();
    await expect.poll(() => text).toContain('event: goodbye\ndata: {"reason":"restart"}');
    expect(errors.join()).toContain('a stream could not be read');
  });
});
