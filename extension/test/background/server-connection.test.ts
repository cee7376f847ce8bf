// @vitest-environment node
import { LONGEST_REST_MS } from '@converso/shared/reconnect';
import { beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  type ConnectionSession,
  createConnection,
  GOOD_AFTER_MS,
  HANGING_AFTER_MS,
  SILENCE_MS,
} from '../../background/connection/server-connection.ts';
import type { StreamEvent } from '../../background/connection/stream.ts';
import { manualClock } from './manual-clock.ts';
import { startServer } from './sse-server.ts';

// Broken connections are what these tests are about, so they need not be reported.
beforeEach(() => void vi.spyOn(console, 'info').mockImplementation(() => {}));

const setUp = async () => {
  const server = await startServer();
  const clock = manualClock();
  const session: ConnectionSession = { server: server.url, token: 't1', cursor: null, retryAfter: 0, replaced: false };
  const seen = {
    states: [] as string[],
    events: [] as StreamEvent[],
    signedOut: [] as string[],
    rests: [] as number[],
    heard: 0,
    /** The bytes among them that came over a stream that had caught up. */
    upToDate: [] as true[],
  };
  /** What the carrying out of an event waits for. */
  const carryOut = { done: Promise.resolve() as Promise<void> };
  const state = { session: session as ConnectionSession | null };
  const connection = createConnection(
    {
      session: async () => state.session && { ...state.session },
      onState: (name) => seen.states.push(name),
      onActivity: (isUpToDate) => {
        seen.heard++;
        if (isUpToDate) seen.upToDate.push(true);
      },
      onOpen: () => seen.states.push('opened'),
      onEvent: async (event) => {
        seen.events.push(event);
        if (state.session && event.id) state.session.cursor = event.id;
        await carryOut.done;
      },
      onSignedOut: (token) => seen.signedOut.push(token),
      onRetryAfter: (until) => seen.rests.push(until),
    },
    clock,
  );
  onTestFinished(() => connection.stop());
  const saw = (check: () => void) => vi.waitFor(check, { interval: 5 });
  return { server, clock, session, state, seen, connection, saw, carryOut };
};

describe('a stream', () => {
  test('is opened with the token, without a cursor at first', async () => {
    const { server, connection, seen, saw } = await setUp();
    connection.connect();
    const { headers } = await server.stream();
    expect(headers.authorization).toBe('Bearer t1');
    expect(headers.accept).toBe('text/event-stream');
    expect(headers).not.toHaveProperty('last-event-id');
    expect(headers).not.toHaveProperty('cookie');
    await saw(() => expect(seen.states).toEqual(['connecting', 'opened']));
  });

  test('is a connection only when what it missed is carried out', async () => {
    const { server, connection, seen, saw, carryOut } = await setUp();
    connection.connect();
    const stream = await server.stream();
    await saw(() => expect(seen.states).toContain('opened'));
    let finish = () => {};
    carryOut.done = new Promise((resolve) => {
      finish = resolve;
    });
    stream.send('caught_up', '{}', 7);
    await saw(() => expect(seen.events).toHaveLength(1));
    expect(connection.isLive()).toBe(false);
    expect(seen.upToDate).toEqual([]);
    finish();
    await saw(() => expect(seen.states).toEqual(['connecting', 'opened', 'connected']));
    expect(connection.isLive()).toBe(true);
    stream.send('snapshot', '{}', 8);
    await saw(() => expect(connection.isLive()).toBe(false));
  });

  test('resumes at the cursor after it broke', async () => {
    const { server, clock, connection, seen, saw } = await setUp();
    connection.connect();
    const first = await server.stream();
    first.send('notification', { a: 1 }, 41);
    await saw(() => expect(seen.events).toEqual([{ type: 'notification', id: '41', data: '{"a":1}' }]));
    first.cut();
    await saw(() => expect(seen.states.at(-1)).toBe('disconnected'));
    clock.advance(3_000);
    expect((await server.stream()).headers['last-event-id']).toBe('41');
  });

  test('may come in pieces that end in the middle of a character', async () => {
    const { server, connection, seen, saw } = await setUp();
    connection.connect();
    const stream = await server.stream();
    const bytes = Buffer.from('event: notification\nid: 7\ndata: "Olá 👋 привет"\n\n');
    for (const byte of bytes) {
      stream.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await saw(() => expect(seen.events).toEqual([{ type: 'notification', id: '7', data: '"Olá 👋 привет"' }]));
  });

  test.each(['cut', 'end'] as const)(
    'that breaks in the middle of a character (%s) hands on nothing by halves',
    async (how) => {
      const { server, clock, connection, seen, saw } = await setUp();
      connection.connect();
      const first = await server.stream();
      first.send('notification', '"one"', 6);
      const bytes = Buffer.from('event: notification\nid: 7\ndata: "Olá 👋"\n\n');
      const { heard } = seen;
      first.write(bytes.subarray(0, bytes.indexOf('👋') + 2));
      await saw(() => expect(seen.heard).toBeGreaterThan(heard));
      first[how]();
      await saw(() => expect(seen.states.at(-1)).toBe('disconnected'));
      clock.advance(3_000);
      const second = await server.stream();
      expect(second.headers['last-event-id']).toBe('6');
      second.write(bytes);
      await saw(() => expect(seen.events.map(({ data }) => data)).toEqual(['"one"', '"Olá 👋"']));
    },
  );

  test('hands on events that this version does not know, for their ids count', async () => {
    const { server, connection, seen, saw } = await setUp();
    connection.connect();
    (await server.stream()).send('news_of_tomorrow', '{}', 9);
    await saw(() => expect(seen.events).toEqual([{ type: 'news_of_tomorrow', id: '9', data: '{}' }]));
  });

  test('is opened once, however often it is asked for', async () => {
    const { server, connection, clock } = await setUp();
    connection.connect();
    connection.connect({ used: true });
    connection.check();
    await server.stream();
    clock.advance(30_000);
    connection.check();
    expect(server.streams).toHaveLength(1);
  });

  test('is not opened while signed out', async () => {
    const { connection, state, seen, clock } = await setUp();
    state.session = null;
    connection.connect();
    await vi.waitFor(() => expect(clock.waits()).toEqual([]));
    expect(seen.states).toEqual([]);
  });

  test('that is stopped says nothing more', async () => {
    const { server, connection, seen, clock, saw } = await setUp();
    connection.connect();
    const stream = await server.stream();
    await saw(() => expect(seen.states).toContain('opened'));
    connection.stop();
    await stream.closed;
    expect(seen.states).toEqual(['connecting', 'opened']);
    expect(clock.waits()).toEqual([]);
  });
});

describe('the watchdog', () => {
  test('gives up a connection that fell silent, and connects again', async () => {
    const { server, clock, connection, seen, saw } = await setUp();
    connection.connect();
    const first = await server.stream();
    await saw(() => expect(seen.states).toContain('opened'));
    clock.advance(SILENCE_MS);
    await first.closed;
    await saw(() => expect(seen.states.at(-1)).toBe('disconnected'));
    clock.advance(3_000);
    await server.stream();
  });

  test('is content with a heartbeat', async () => {
    const { server, clock, connection, seen, saw } = await setUp();
    connection.connect();
    const stream = await server.stream();
    await saw(() => expect(seen.states).toContain('opened'));
    for (let beat = 0; beat < 5; beat++) {
      const { heard } = seen;
      clock.advance(20_000);
      stream.write(': beat\n\n');
      await saw(() => expect(seen.heard).toBeGreaterThan(heard));
    }
    expect(server.streams).toHaveLength(1);
    expect(seen.states.at(-1)).toBe('opened');
  });

  test('covers a connect that hangs', async () => {
    const { server, clock, connection, seen, saw } = await setUp();
    let asked = 0;
    server.answerStreams(() => {
      asked++;
    });
    connection.connect();
    await saw(() => expect(asked).toBe(1));
    clock.advance(SILENCE_MS);
    await saw(() => expect(seen.states.at(-1)).toBe('disconnected'));
  });

  test('notices silence though the clock was set back', async () => {
    const { server, clock, connection, seen, saw } = await setUp();
    connection.connect();
    const first = await server.stream();
    await saw(() => expect(seen.states).toContain('opened'));
    clock.setBack(3_600_000);
    // Once to see that the last bytes cannot be of the future, once to wait for others.
    clock.advance(SILENCE_MS);
    clock.advance(SILENCE_MS);
    await first.closed;
    await saw(() => expect(seen.states.at(-1)).toBe('disconnected'));
  });

  test('works by the alarm where timers slept', async () => {
    const { server, clock, connection, seen, saw } = await setUp();
    connection.connect();
    const first = await server.stream();
    await saw(() => expect(seen.states).toContain('opened'));
    clock.sleep(3_600_000);
    connection.check();
    await first.closed;
    await saw(() => expect(seen.states.at(-1)).toBe('disconnected'));
    connection.check();
    await server.stream();
  });
});

describe('an answer that is no stream', () => {
  test('401 ends the session, and is not tried again', async () => {
    const { server, clock, connection, seen, saw } = await setUp();
    server.answerStreams((_request, response) => response.writeHead(401).end());
    connection.connect();
    await saw(() => expect(seen.signedOut).toEqual(['t1']));
    expect(clock.waits()).toEqual([]);
  });

  test.each([429, 503])('%d is left alone for as long as it asks', async (status) => {
    const { server, clock, connection, seen, saw } = await setUp();
    server.answerStreams((_request, response) => response.writeHead(status, { 'retry-after': '120' }).end());
    connection.connect();
    await saw(() => expect(seen.states.at(-1)).toBe('disconnected'));
    expect(seen.rests).toEqual([clock.now() + 120_000]);
    expect(clock.waits()).toEqual([123_000]);
  });

  test('a worker that starts anew in that time waits for the rest of it', async () => {
    const { server, clock, connection, state, session } = await setUp();
    state.session = { ...session, retryAfter: clock.now() + 50_000 };
    connection.connect();
    await vi.waitFor(() => expect(clock.waits()).toEqual([50_000]));
    expect(server.streams).toHaveLength(0);
    clock.advance(50_000);
    await server.stream();
  });

  test('a person’s act ends that time, and it does not come back when the attempt fails', async () => {
    const { server, clock, connection, state, session, seen, saw } = await setUp();
    state.session = { ...session, retryAfter: clock.now() + 50_000 };
    server.answerStreams((_request, response) => response.writeHead(500).end());
    connection.connect();
    await saw(() => expect(clock.waits()).toEqual([50_000]));
    connection.connect({ used: true });
    await saw(() => expect(clock.waits()).toEqual([3_000]));
    expect(seen.rests).toEqual([0]);
  });

  test('an hour of rest is not waited for: five minutes are the longest', async () => {
    const { server, clock, connection, seen, saw } = await setUp();
    server.answerStreams((_request, response) => response.writeHead(503, { 'retry-after': '3600' }).end());
    connection.connect();
    await saw(() => expect(seen.rests).toEqual([clock.now() + 300_000]));
    expect(clock.waits()).toEqual([303_000]);
  });

  test('a rest longer than any server is given was not asked for: the clock was set back', async () => {
    const { server, connection, state, session, clock } = await setUp();
    state.session = { ...session, retryAfter: clock.now() + LONGEST_REST_MS + 1 };
    connection.connect();
    await server.stream();
  });

  test.each([
    ['a captive portal', 200, 'text/html'],
    ['an error', 500, 'application/problem+json'],
    ['another server', 404, 'text/plain'],
    ['a stream with a wrong status', 418, 'text/event-stream'],
  ])(
    '%s is a broken connection, tried again every 3 s for a minute, then ever more seldom',
    async (_name, status, type) => {
      const { server, clock, connection, seen, saw } = await setUp();
      let asked = 0;
      server.answerStreams((_request, response) => {
        asked++;
        response.writeHead(status, { 'content-type': type }).end('<html>Please log in</html>');
      });
      connection.connect();
      const shortWaits = Array.from({ length: 21 }, () => 3_000);
      for (const wait of [...shortWaits, 3_150, 3_307.5]) {
        await saw(() => expect(clock.waits()).toEqual([wait]));
        clock.advance(wait);
      }
      await saw(() => expect(asked).toBe(24));
      expect(seen.events).toEqual([]);
      expect(seen.states).not.toContain('connected');
      expect(seen.signedOut).toEqual([]);
    },
  );

  test('a redirect is not followed with the token', async () => {
    const { server, connection, seen, saw } = await setUp();
    const elsewhere = await startServer();
    server.answerStreams((_request, response) =>
      response.writeHead(302, { location: `${elsewhere.url}/v1/stream` }).end(),
    );
    connection.connect();
    await saw(() => expect(seen.states.at(-1)).toBe('disconnected'));
    expect(elsewhere.streams).toHaveLength(0);
  });

  test('no server at all is a broken connection', async () => {
    const { connection, state, session, seen, clock, saw } = await setUp();
    state.session = { ...session, server: 'http://127.0.0.1:1' };
    connection.connect();
    await saw(() => expect(seen.states).toEqual(['connecting', 'disconnected']));
    expect(clock.waits()).toEqual([3_000]);
  });
});

describe('the wait for the next attempt', () => {
  const MINUTE = 60_000;

  test('is short again after a connection that lived', async () => {
    const { server, clock, connection, seen, saw } = await setUp();
    server.answerStreams((_request, response) => response.writeHead(500).end());
    connection.connect();
    await saw(() => expect(clock.waits()).toEqual([3_000]));
    clock.sleep(2 * MINUTE);
    clock.advance(3_000);
    await saw(() => expect(clock.waits()).toEqual([6_150]));
    server.answerStreams(null);
    clock.advance(6_150);
    const stream = await server.stream();
    stream.send('caught_up', '{}', 1);
    await saw(() => expect(seen.states.at(-1)).toBe('connected'));
    clock.advance(GOOD_AFTER_MS);
    stream.cut();
    await saw(() => expect(clock.waits()).toEqual([3_000]));
  });

  test('grows where connections break at once', async () => {
    const { server, clock, connection, saw } = await setUp();
    server.answerStreams((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(),
    );
    connection.connect();
    await saw(() => expect(clock.waits()).toEqual([3_000]));
    clock.sleep(2 * MINUTE);
    clock.advance(3_000);
    await saw(() => expect(clock.waits()).toEqual([6_150]));
  });

  test('is the one that the server names', async () => {
    const { server, clock, connection, seen, saw } = await setUp();
    connection.connect();
    const stream = await server.stream();
    stream.write('retry: 1840\n\n');
    stream.send('notification', '{}', 1);
    await saw(() => expect(seen.events).toHaveLength(1));
    stream.cut();
    await saw(() => expect(clock.waits()).toEqual([1_840]));
  });

  test('ends when the device is used', async () => {
    const { server, connection, clock, saw } = await setUp();
    server.answerStreams((_request, response) => response.writeHead(500).end());
    connection.connect();
    await saw(() => expect(clock.waits()).toEqual([3_000]));
    server.answerStreams(null);
    connection.connect({ used: true });
    await server.stream();
  });

  test('ends an attempt that hangs when the device is used, and leaves one alone that has just begun', async () => {
    const { server, connection, clock, saw } = await setUp();
    let asked = 0;
    server.answerStreams(() => {
      asked++;
    });
    connection.connect();
    await saw(() => expect(asked).toBe(1));
    clock.advance(HANGING_AFTER_MS - 1);
    connection.connect({ used: true });
    clock.advance(1);
    server.answerStreams(null);
    connection.connect({ used: true });
    await server.stream();
    expect(asked).toBe(1);
  });
});

describe('goodbye', () => {
  const saidGoodbye = async (reason: string) => {
    const all = await setUp();
    all.connection.connect();
    const stream = await all.server.stream();
    await all.saw(() => expect(all.seen.states).toContain('opened'));
    stream.send('goodbye', { reason });
    await stream.closed;
    return all;
  };

  test('restart: it is tried again soon, and nobody is told of trouble', async () => {
    const { server, clock, seen, saw } = await saidGoodbye('restart');
    await saw(() => expect(seen.states.at(-1)).toBe('connecting'));
    clock.advance(3_000);
    await server.stream();
  });

  test('slow: it is tried again', async () => {
    const { server, clock, seen, saw } = await saidGoodbye('slow');
    await saw(() => expect(seen.states.at(-1)).toBe('disconnected'));
    clock.advance(3_000);
    await server.stream();
  });

  test('signed_out: the session is over', async () => {
    const { clock, seen, saw } = await saidGoodbye('signed_out');
    await saw(() => expect(seen.signedOut).toEqual(['t1']));
    expect(clock.waits()).toEqual([]);
  });

  test('replaced: it is not tried again until the device is used', async () => {
    const { server, clock, seen, saw, connection, state, session } = await saidGoodbye('replaced');
    await saw(() => expect(seen.states.at(-1)).toBe('replaced'));
    state.session = { ...session, replaced: true };
    connection.check();
    await saw(() => expect(clock.waits()).toEqual([]));
    expect(server.streams).toHaveLength(1);
    connection.connect({ used: true });
    await server.stream();
    await saw(() => expect(seen.states.at(-1)).toBe('opened'));
  });

  test('being used counts though an attempt was just begun without it', async () => {
    const { server, connection, state, session } = await setUp();
    state.session = { ...session, replaced: true };
    connection.connect();
    connection.connect({ used: true });
    await server.stream();
  });

  test.each(['closing_time', ''])(
    'for a reason this version does not know (%j) is the end of a stream like any other',
    async (reason) => {
      const { clock, seen, saw } = await saidGoodbye(reason);
      await saw(() => expect(seen.states.at(-1)).toBe('disconnected'));
      expect(clock.waits()).toEqual([3_000]);
    },
  );
});
