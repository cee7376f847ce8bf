import type { StreamEvents } from '@converso/shared';

/** What the built-in inbox page is told besides: its conversation lists may have changed. Carries nothing, so it needs no id. */
interface InboxEvents {
  conversations: Record<string, never>;
}
type Events = StreamEvents & InboxEvents;

/**
 * One server-sent event as it goes over the wire. JSON holds no line breaks, so one `data` line is enough.
 * @param id the cursor from which a device resumes after it; without one the device's cursor stays
 */
export const frame = <Name extends keyof Events>(event: Name, data: Events[Name], id?: number): string =>
  frameOf(event, JSON.stringify(data), id);

/** The same for data that is JSON already. */
export function frameOf(event: keyof Events, json: string, id?: number): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `event: ${event}\n${idLine}data: ${json}\n\n`;
}

/**
 * The head of a stream's answer. Nothing follows a stream on its line, so it needs no chunks to show where it ends,
 * and each event is one write of its own bytes.
 */
export const head = (now: Date): string =>
  [
    'HTTP/1.1 200 OK',
    `Date: ${now.toUTCString()}`,
    'Content-Type: text/event-stream; charset=utf-8',
    // Proxies must neither keep nor compress it: a compressor holds events back until its block is full.
    'Cache-Control: no-cache, no-transform',
    'X-Accel-Buffering: no',
    'X-Content-Type-Options: nosniff',
    'Connection: close',
    '\r\n',
  ].join('\r\n');

/** A line that readers ignore: it only shows that the connection lives. */
export const HEARTBEAT = ':\n\n';

const RETRY_MS = { from: 1000, to: 3000 };

/** The first bytes of a stream. Devices that lose their server together come back spread over two seconds. */
export function opening(random: () => number = Math.random): string {
  const retry = Math.round(RETRY_MS.from + random() * (RETRY_MS.to - RETRY_MS.from));
  return `: welcome\nretry: ${retry}\n\n`;
}
