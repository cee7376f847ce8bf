/**
 * Where a device wants to go on: the `Last-Event-ID` that its reader sends by itself or, for the first
 * connection of a reader that cannot set headers, `?cursor=`. Null if it names none or nothing that could be
 * one; a snapshot is the answer to that, as to a cursor the store does not know.
 */
export function cursorOf(lastEventId: string | undefined, cursor: string | undefined): number | null {
  const given = lastEventId ?? cursor ?? '';
  if (!/^\d{1,15}$/.test(given)) return null;
  return Number(given);
}
