/** The load client must notice what it is there to notice: an event that is lost, doubled, or on the wrong stream. */
import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { Arrivals } from '../arrivals.ts';
import { type Carry, marker, OUTSIDE, scanMarkers } from '../markers.ts';
import { openSender } from '../sending.ts';

function marksIn(...reads: string[]): number[] {
  const found: number[] = [];
  // What an earlier read left behind in the shared buffer must not be seen.
  const shared = Buffer.from(marker(999).repeat(50));
  let carry: Carry = OUTSIDE;
  for (const text of reads) {
    const length = shared.write(text, 'latin1');
    carry = scanMarkers(shared, length, carry, (n) => found.push(n));
  }
  return found;
}

describe('marks', () => {
  test.each([
    ['none', [''], []],
    ['several in one read', [`data: ${marker(1)} and ${marker(22)}\n`], [1, 22]],
    ['cut after the first sign', ['x#', '7# y'], [7]],
    ['cut between digits', ['x#12', '34', '5# y'], [12345]],
    ['cut before the last sign', ['x#12', '# y'], [12]],
    ['signs that are no mark', ['see #a and # 5# and ', `room #4b${marker(8)}`], [8]],
  ])('%s', (_, reads, expected) => {
    expect(marksIn(...reads)).toEqual(expected);
  });
});

describe('arrivals', () => {
  const twoTeamsOfTwo = () => new Arrivals({ first: 10, events: 2, size: 2, teams: 2 });
  const allOf = (arrivals: Arrivals): void => {
    for (const [n, stream] of [
      [10, 0],
      [10, 1],
      [11, 2],
      [11, 3],
    ] as const)
      arrivals.note(n, stream, 5);
  };

  test('are complete when each stream of each team had its event', async () => {
    const arrivals = twoTeamsOfTwo();
    allOf(arrivals);
    await arrivals.all(1000);
    expect(arrivals.percentile(0.99)).toBe(5);
    expect(arrivals.lasts()).toEqual([5, 5]);
  });

  test('are not when one is lost', async () => {
    const arrivals = twoTeamsOfTwo();
    arrivals.note(10, 0, 5);
    await expect(arrivals.all(10)).rejects.toThrow('3 of 4 arrivals are missing');
  });

  test.each([
    ['twice', 10, 1],
    ['to another team', 10, 2],
    ['from an earlier burst', 9, 0],
  ])('are wrong when one comes %s', async (_, n, stream) => {
    const arrivals = twoTeamsOfTwo();
    allOf(arrivals);
    arrivals.note(n, stream, 6);
    await expect(arrivals.all(1000)).rejects.toThrow('1 events came twice');
  });
});

describe('a sender', () => {
  /** Answers each request by `answer`, a write for each part. */
  async function standIn(answer: string[]): Promise<{ port: number; close(): void }> {
    const lines = new Set<Socket>();
    const server = createServer((line) => {
      lines.add(line);
      line.on('data', () => {
        for (const part of answer) line.write(part);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return {
      port: (server.address() as AddressInfo).port,
      close() {
        server.close();
        for (const line of lines) line.destroy();
      },
    };
  }
  const publications = (answers: number) => Array.from({ length: 20 }, () => ({ bytes: Buffer.from('x'), answers }));
  const OK = 'HTTP/1.1 202 Accepted\r\ncontent-length: 2\r\n\r\n{}';

  test.each([
    ['whole', [OK], 1],
    ['cut in its status', [OK.slice(0, 5), OK.slice(5)], 1],
    ['several in one', [OK + OK + OK], 3],
    ['several, cut anywhere', [OK + OK.slice(0, 9), OK.slice(9) + OK.slice(0, 1), OK.slice(1)], 3],
  ])('takes answers: %s', async (_, answer, answers) => {
    const server = await standIn(answer);
    const sender = await openSender(server.port, 3);
    expect(await sender.flat(publications(answers))).toHaveLength(20);
    const sent: number[] = [];
    await sender.paced(publications(answers), 10_000, (k) => sent.push(k));
    expect(sent).toEqual(Array.from({ length: 20 }, (_, k) => k));
    sender.close();
    server.close();
  });

  test('fails by any answer that is no success', async () => {
    const server = await standIn(['HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n']);
    const sender = await openSender(server.port, 3);
    await expect(sender.flat(publications(1))).rejects.toThrow('503');
    sender.close();
    server.close();
  });
});
