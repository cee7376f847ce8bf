import type { Notification, Preferences } from '@converso/shared';
import type { ServerStream, TestServer } from './sse-server.ts';

type Happened = { seq: number; type: 'notification' | 'preferences'; data: object };

/** Streams as the real server does: who comes back gets what is after the cursor, and then what happens. */
export const replay = (server: TestServer, firstSeq: number) => {
  const happened: Happened[] = [];
  const open = new Set<string>();
  let current: ServerStream | null = null;
  let seq = firstSeq;

  const send = (stream: ServerStream, event: Happened) => stream.send(event.type, event.data, event.seq);
  const happens = (type: Happened['type'], data: object) => {
    const event = { seq, type, data };
    happened.push(event);
    if (current) send(current, event);
  };

  const serve = async () => {
    for (;;) {
      const stream = await server.stream();
      const cursor = Number(stream.headers['last-event-id']);
      for (const event of happened) if (event.seq > cursor) send(stream, event);
      stream.send('caught_up', { unread: open.size }, seq);
      current = stream;
      void stream.closed.then(() => {
        if (current === stream) current = null;
      });
    }
  };
  void serve();

  return {
    lastSeq: () => seq,
    /** How many notifications are open. */
    unread: () => open.size,
    notify: (notification: Notification) => {
      seq = notification.seq;
      if (notification.state === 'open') open.add(notification.id);
      else open.delete(notification.id);
      happens('notification', { ...notification, unread: open.size });
    },
    setPreferences: (preferences: Preferences) => {
      seq += 1;
      happens('preferences', preferences);
    },
  };
};
