import { type ConnectionReport, withReport } from '../../domain/connection-status.ts';
import { connectionRecord } from '../../state.ts';
import { createQueue } from '../queue.ts';
import { showBadge } from '../toolbar/badge.ts';

/** How often (milliseconds) the time of the last bytes is stored at most. */
const HEARD_STORED_EVERY_MS = 5_000;

const connectionRecordQueue = createQueue();
/** Stores what happened to the connection, and shows it on the badge. */
export const setConnectionStatus = async (report: ConnectionReport, { againstWill = false } = {}): Promise<void> => {
  await connectionRecordQueue.run(async () => {
    await connectionRecord.setValue(withReport(await connectionRecord.getValue(), report, Date.now(), againstWill));
  });
  await showBadge();
};

/** Notes that bytes came from the server, over a stream that has caught up. */
export const serverHeard = (): Promise<void> =>
  connectionRecordQueue.run(async () => {
    const was = await connectionRecord.getValue();
    const now = Date.now();
    const ago = was.lastEventAt === null ? null : now - was.lastEventAt;
    // A moment that lies ahead is of a clock that was set back since.
    if (ago !== null && ago >= 0 && ago < HEARD_STORED_EVERY_MS) return;
    await connectionRecord.setValue({ ...was, lastEventAt: now });
  });
