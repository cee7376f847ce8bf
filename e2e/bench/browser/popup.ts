import { beginChat } from '../../support/chat.ts';
import { percentile } from '../../support/figures.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { Row } from '../table.ts';
import { atWork, type Workplace } from './workplace.ts';

const ITEMS = 50;

/**
 * From the page's navigation until the frame is drawn in which the list has its 50: in each frame the list is looked
 * for just before drawing; once it is there, a message to oneself comes right after that frame.
 * Runs in the page, and is sent as text.
 */
function watchForList(count: number): void {
  const look = (): void => {
    if (document.querySelectorAll('.bell-open').length < count) {
      requestAnimationFrame(look);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      document.documentElement.dataset.paintedAt = String(performance.now());
    };
    port2.postMessage(null);
  };
  requestAnimationFrame(look);
}

/** The popup's page opened as a tab: what the toolbar adds to it, a small window, is the browser's. */
export async function popupRows(place: Workplace, quick: boolean): Promise<Row[]> {
  const took = await atWork(place, async ({ fixture, chrome, desktop }) => {
    for (let n = 0; n < ITEMS; n += 1) await beginChat(fixture.business, `Customer ${n}`).says(`Message ${n}`);
    await waitFor('all toasts are shown', () => desktop.shownCount() >= 1);
    await chrome.context.addInitScript(watchForList, ITEMS);
    const all: number[] = [];
    for (let time = 0; time <= (quick ? 7 : 15); time += 1) {
      const page = await chrome.context.newPage();
      await page.goto(chrome.page('popup.html'));
      const painted = await page.waitForFunction(() => document.documentElement.dataset.paintedAt);
      // The first finds nothing in the browser's caches.
      if (time > 0) all.push(Number(await painted.jsonValue()));
      await page.close();
    }
    return all;
  });
  return [
    {
      what: `popup: open to first painted list of ${ITEMS}`,
      unit: 'ms',
      ours: took,
      must: { is: '≤', value: 100 },
      ambition: { is: '≤', value: 40 },
    },
    { what: '… the slowest but one', unit: 'ms', ours: [percentile(took, 0.9)] },
  ];
}
