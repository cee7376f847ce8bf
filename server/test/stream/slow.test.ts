import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect as connectSocket, type Socket } from 'node:net';
import type { Notification } from '@converso/shared';
import { afterEach, expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { createMetrics } from '../../src/metrics.ts';
import type { StreamChanges, StreamRead } from '../../src/ports/store.ts';
import type { Caller } from '../../src/ports/types.ts';
import { completeMe } from '../../src/services/inboxes.ts';
import { Connection, type ConnectionDeps } from '../../src/stream/connection.ts';

const CALLER: Caller = {
  sessionId: 's1',
  agentKey: 1,
  businessId: 'b1',
  agent: { id: 'ana', name: 'Ana', email: 'ana@acme.example', role: 'agent' },
};
const BATCH_BYTES = 200_000;
const big = { conversation: { id: 'c1' }, message: { text: 'x'.repeat(BATCH_BYTES) } } as unknown as Notification;

/** A store in which an agent has always missed more. Counts what it was asked. */
function endlessStore() {
  const store = {
    reads: 0,
    recentChanges: () => null,
    snapshot: async () => ({ outcome: 'ended' as const }),
    changes: async (_: string, cursor: number): Promise<StreamRead> => {
      store.reads += 1;
      const seq = cursor + 1;
      return {
        outcome: 'changes',
        changes: [{ type: 'notification', seq, json: JSON.stringify({ ...big, seq }) }],
        unread: 1,
        cursor: seq,
        more: true,
      };
    },
  };
  return store;
}

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Serves one stream, to a socket that reads only when the test does. */
async function serveTo(deps: Partial<ConnectionDeps> & Pick<ConnectionDeps, 'store'>) {
  const metrics = createMetrics();
  const errors: string[] = [];
  const opened = Promise.withResolvers<{ outgoing: ServerResponse; connection: Connection; closed: Promise<void> }>();
  const server: Server = createServer((_, outgoing) => {
    const connection = new Connection(
      {
        clock: { now: () => Date.now() },
        log: createLog('error', { write: (line) => void errors.push(line) }),
        metrics,
        completeMe: (me) => completeMe(me, { url: '', conversationUrl: '', canTake: true }, {}),
        writeDeadlineMs: 300,
        goodbyeGraceMs: 100,
        ...deps,
      },
      CALLER,
      outgoing,
      0,
    );
    const closed = new Promise<void>((resolve) => {
      connection.onClosed = resolve;
    });
    opened.resolve({ outgoing, connection, closed });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket: Socket = connectSocket((server.address() as AddressInfo).port, '127.0.0.1');
  closing.push(() => {
    socket.destroy();
    server.close();
  });
  socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: test\r\n\r\n');
  const goodbyes = async (): Promise<Record<string, number>> =>
    Object.fromEntries((await metrics.goodbyes.get()).values.map(({ labels, value }) => [labels.reason, value]));
  return { socket, errors, goodbyes, ...(await opened.promise) };
}

test('a device that does not read loses its stream, and never holds more than one batch of memory', async () => {
  const store = endlessStore();
  const { outgoing, closed, goodbyes } = await serveTo({ store });
  let most = 0;
  const watch = setInterval(() => {
    most = Math.max(most, outgoing.writableLength);
  }, 1);
  closing.push(() => clearInterval(watch));
  await closed;
  expect(await goodbyes()).toEqual({ slow: 1 });
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(2 * BATCH_BYTES);
  const { reads } = store;
  // What the kernel takes is its affair, but it is not much more than a few megabytes.
  expect(reads * BATCH_BYTES).toBeLessThan(64 * 1024 * 1024);
});

test('a device that does not read what it is told at once loses its stream too', async () => {
  let told = 0;
  const nothing = (cursor: number): StreamChanges => {
    return { outcome: 'changes', changes: [], unread: 1, cursor, more: false };
  };
  const store = {
    snapshot: async () => ({ outcome: 'ended' as const }),
    changes: async (_: string, cursor: number): Promise<StreamRead> => nothing(cursor),
    recentChanges: (_: string, cursor: number): StreamChanges => {
      told += 1;
      const seq = cursor + 1;
      const json = JSON.stringify({ ...big, seq });
      return { ...nothing(seq), changes: [{ type: 'notification', seq, json }] };
    },
  };
  const { outgoing, connection, closed, goodbyes } = await serveTo({ store });
  let most = 0;
  const waking = setInterval(() => {
    connection.wake();
    most = Math.max(most, outgoing.socket?.writableLength ?? 0);
  }, 1);
  closing.push(() => clearInterval(waking));
  await closed;
  expect(await goodbyes()).toEqual({ slow: 1 });
  expect(told).toBeGreaterThan(1);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(2 * BATCH_BYTES);
});

test('a device that reads slowly, but in time, keeps its stream', async () => {
  const store = endlessStore();
  const { socket, outgoing, goodbyes } = await serveTo({ store, writeDeadlineMs: 5_000 });
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  // Twice it stops until the server has to wait for it.
  for (let stops = 0; stops < 2; stops++) {
    await expect.poll(() => outgoing.socket?.writableNeedDrain, { interval: 5 }).toBe(true);
    const before = bytes;
    socket.resume();
    await expect.poll(() => bytes, { timeout: 5_000 }).toBeGreaterThan(before + 2 * BATCH_BYTES);
    socket.pause();
  }
  expect(await goodbyes()).toEqual({});
});

test('a store that fails ends the stream with the word to come back', async () => {
  const failing = { ...endlessStore(), changes: () => Promise.reject(new Error('disk gone')) };
  const { socket, errors, closed, goodbyes } = await serveTo({ store: failing });
  let text = '';
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  socket.resume();
  await closed;
  expect(await goodbyes()).toEqual({ restart: 1 });
  await expect.poll(() => text).toContain('event: goodbye\ndata: {"reason":"restart"}\n\n');
  expect(errors.join()).toContain('a stream could not be read');
});
