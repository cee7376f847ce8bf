import { setTimeout as delay } from 'node:timers/promises';
import { beginChat } from '../../support/chat.ts';
import { percentile } from '../../support/figures.ts';
import type { Row } from '../table.ts';
import { atWork, type Workplace } from './workplace.ts';

/** Between a toast and the next message (milliseconds), so that none is measured in the wake of the last. */
const SPACING_MS = 250;
/** The first find code that never ran before. */
const WARM_UP = 5;

/**
 * From the moment a signed event is posted until the desktop's notification daemon is called, each with a new
 * conversation; nothing of ours is open but the browser with a blank page. The sender and the daemon are one process,
 * whose clock counts whole milliseconds here.
 */
export async function toastRows(place: Workplace, quick: boolean): Promise<Row[]> {
  const times = quick ? 30 : 100;
  const took = await atWork(place, async ({ fixture, desktop }) => {
    const all: number[] = [];
    for (let time = 0; time < WARM_UP + times; time += 1) {
      const text = `Is anybody there? (${time})`;
      const chat = beginChat(fixture.business);
      const sentAt = Date.now();
      const [toast] = await Promise.all([desktop.nextToast((shown) => shown.text === text), chat.says(text)]);
      if (time >= WARM_UP) all.push(toast.shownAt - sentAt);
      toast.dismiss();
      await delay(SPACING_MS);
    }
    if (desktop.shownCount() !== WARM_UP + times)
      throw new Error(`${desktop.shownCount()} toasts were shown for ${WARM_UP + times} messages`);
    return all;
  });
  return [
    {
      what: 'POST sent to toast at the notification daemon, real Chromium, p50',
      unit: 'ms',
      ours: [percentile(took, 0.5)],
      must: { is: '≤', value: 60 },
      ambition: { is: '≤', value: 30 },
    },
    { what: '… p99', unit: 'ms', ours: [percentile(took, 0.99)], must: { is: '≤', value: 150 } },
  ];
}
