import { browser } from 'wxt/browser';
import { i18n } from '#i18n';
import { type BadgeLook, badgeLook } from '../../domain/badge-look.ts';
import { isPaused } from '../../domain/pause.ts';
import { connectionRecord, device, storedBell } from '../../state.ts';
import { createQueue } from '../queue.ts';
import { assetUrl } from '../toasts/asset-url.ts';

/** Both are dark enough for white text, and stand out from light and dark toolbars alike. */
const COLOURS: Record<BadgeLook['tone'], string> = { count: '#c5221f', grey: '#5f6368' };
const TEXT_COLOUR = '#ffffff';

const badgeQueue = createQueue();

const titleOf = (says: BadgeLook['says'], unread: number): string =>
  says === 'unread' ? i18n.t('badge.unread', unread) : i18n.t(`badge.${says}`);

const setIcon = async (crossed: boolean): Promise<void> => {
  const suffix = crossed ? '-crossed' : '';
  const path = { 16: assetUrl(`icon/16${suffix}.png`), 32: assetUrl(`icon/32${suffix}.png`) };
  try {
    await browser.action.setIcon({ path });
  } catch (error) {
    // The count matters more than the picture.
    console.warn('The toolbar icon could not be set:', error);
  }
};

/**
 * Puts count, colour, title and icon on the toolbar, from what is stored. Called after each change of it,
 * at each start (a browser restart forgets the badge) and by the alarm (for what only time changes).
 */
export const showBadge = (): Promise<void> =>
  badgeQueue.run(async () => {
    const [{ state, since }, { unread, me }, { pausedUntil }] = await Promise.all([
      connectionRecord.getValue(),
      storedBell.getValue(),
      device.getValue(),
    ]);
    const now = Date.now();
    const look = badgeLook({
      status: state,
      since,
      unread,
      switchedOn: me?.preferences.messageNotifications ?? true,
      paused: isPaused(pausedUntil, now),
      now,
    });
    await Promise.all([
      browser.action.setBadgeText({ text: look.text }),
      browser.action.setBadgeBackgroundColor({ color: COLOURS[look.tone] }),
      browser.action.setBadgeTextColor({ color: TEXT_COLOUR }),
      browser.action.setTitle({ title: titleOf(look.says, unread) }),
      setIcon(look.crossed),
    ]);
  });
