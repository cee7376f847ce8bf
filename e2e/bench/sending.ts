import { setTimeout as delay } from 'node:timers/promises';
import { openPostLine, type PostLine, type Publication } from './sockets.ts';

/** Connections over which events are sent. */
export const CONNECTIONS = 50;

/** Lines that send what they are given, each one publication at a time. */
export interface Sender {
  /** Sends at a steady rate; resolves when all is answered. `onSent` is called when the n-th goes out, or begins to wait for a line. */
  paced(
    publications: readonly Publication[],
    perSecond: number,
    onSent: (n: number, at: number) => void,
  ): Promise<void>;
  /** Each line sends as fast as it is answered; gives each publication's milliseconds from request to answer. */
  flat(publications: readonly Publication[]): Promise<Float32Array>;
  close(): void;
}

export async function openSender(port: number, connections = CONNECTIONS): Promise<Sender> {
  const failure = Promise.withResolvers<never>();
  // Awaited by whatever sends; until then it is nobody's.
  failure.promise.catch(() => undefined);
  let onFree: (line: PostLine) => void = () => undefined;
  const lines = await Promise.all(
    Array.from({ length: connections }, () => openPostLine(port, (line) => onFree(line), failure.reject)),
  );

  /** Gives each free line the next thing to send for as long as there is one, and resolves when all is answered. */
  const drive = (count: number): { next: PostLine[]; done: Promise<void>; settle(): void } => {
    const done = Promise.withResolvers<void>();
    let left = count;
    return {
      next: [...lines],
      done: Promise.race([done.promise, failure.promise]),
      settle() {
        left -= 1;
        if (left === 0) done.resolve();
      },
    };
  };

  return {
    async paced(publications, perSecond, onSent) {
      const { next: free, done, settle } = drive(publications.length);
      // Due, but without a line: from here on they wait for the server.
      const queue: Publication[] = [];
      let head = 0;
      onFree = (line) => {
        settle();
        if (head < queue.length) line.post(queue[head++]!);
        else free.push(line);
      };
      const began = performance.now();
      let sent = 0;
      while (sent < publications.length) {
        const now = performance.now();
        const due = Math.min(publications.length, Math.floor(((now - began) * perSecond) / 1000) + 1);
        for (; sent < due; sent += 1) {
          onSent(sent, performance.now());
          // The one that has rested longest: a line that says nothing for 10 s after it was opened is cut off by the server.
          const line = free.shift();
          if (line) line.post(publications[sent]!);
          else queue.push(publications[sent]!);
        }
        if (sent < publications.length) {
          const wait = began + (sent * 1000) / perSecond - performance.now();
          await Promise.race([delay(Math.max(1, wait)), failure.promise]);
        }
      }
      await done;
    },

    async flat(publications) {
      const took = new Float32Array(publications.length);
      const { done, settle } = drive(publications.length);
      const since = new Map<PostLine, { n: number; at: number }>();
      let sent = 0;
      const send = (line: PostLine): void => {
        if (sent === publications.length) return;
        const n = sent++;
        since.set(line, { n, at: performance.now() });
        line.post(publications[n]!);
      };
      onFree = (line) => {
        const { n, at } = since.get(line)!;
        took[n] = performance.now() - at;
        send(line);
        settle();
      };
      for (const line of lines) send(line);
      await done;
      return took;
    },

    close: () => {
      for (const line of lines) line.close();
    },
  };
}
