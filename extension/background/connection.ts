import type { LineState } from '../domain/badge-look.ts';
import { connection } from '../state.ts';
import { showBadge } from './badge.ts';
import { createQueue } from './queue.ts';

/** How often (milliseconds) the time of the last bytes is stored at most. */
const HEARD_STORED_EVERY_MS = 5_000;

const inTurn = createQueue();
const isDown = (state: LineState): boolean => state === 'connecting' || state === 'disconnected';

/** Stores how the line stands, and shows it on the badge. */
export const lineIs = async (state: LineState, { againstWill = false } = {}): Promise<void> => {
  await inTurn(async () => {
    const was = await connection.getValue();
    // A retry is no news to a person: what was disconnected stays so until it is connected.
    const next = state === 'connecting' && was.state === 'disconnected' ? 'disconnected' : state;
    const goesOn = was.state === next || (isDown(was.state) && isDown(next));
    await connection.setValue({ ...was, state: next, since: goesOn ? was.since : Date.now(), againstWill });
  });
  await showBadge();
};

/** Notes that bytes came from the server. */
export const serverHeard = (): Promise<void> =>
  inTurn(async () => {
    const was = await connection.getValue();
    const now = Date.now();
    const ago = was.lastEventAt === null ? null : now - was.lastEventAt;
    // A moment that lies ahead is of a clock that was set back since.
    if (ago !== null && ago >= 0 && ago < HEARD_STORED_EVERY_MS) return;
    await connection.setValue({ ...was, lastEventAt: now });
  });
