// @vitest-environment node
import { expect, test } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import background from '../../entrypoints/background.ts';
import { createDesktop } from './desktop.ts';

test('every listener is there before anything is awaited, so that none misses the event that started the worker', () => {
  const desktop = createDesktop();
  background.main();
  const { alarms, runtime, tabs, windows } = fakeBrowser;
  const registered = {
    onAlarm: alarms.onAlarm,
    onInstalled: runtime.onInstalled,
    onStartup: runtime.onStartup,
    onUpdateAvailable: runtime.onUpdateAvailable,
    onMessage: runtime.onMessage,
    onTabUpdated: tabs.onUpdated,
    onTabActivated: tabs.onActivated,
    onFocusChanged: windows.onFocusChanged,
    onPresenceChanged: desktop.presenceChanged,
    onToastClicked: desktop.toastClicked,
    onToastButton: desktop.toastButton,
    onToastClosed: desktop.toastClosed,
    onPermissionChanged: desktop.permissionChanged,
  };
  const missing = Object.entries(registered).filter(([, event]) => !event.hasListeners());
  expect(missing.map(([name]) => name)).toEqual([]);
});
