import type { Bell } from '../../domain/bell.ts';
import { isPaused } from '../../domain/pause.ts';
import { device } from '../../state.ts';
import { type ActiveView, activeView } from '../inbox/inbox-tabs.ts';

/** What this device knows at the moment of a decision. */
export interface NotifyContext {
  view: ActiveView;
  switchedOn: boolean;
  paused: boolean;
  breakThrough: boolean;
}

export const notifyContext = async (bell: Bell): Promise<NotifyContext> => {
  const [view, { pausedUntil, breakThrough }] = await Promise.all([activeView(bell), device.getValue()]);
  return {
    view,
    switchedOn: bell.me?.preferences.messageNotifications ?? true,
    paused: isPaused(pausedUntil, Date.now()),
    breakThrough: breakThrough ?? false,
  };
};
