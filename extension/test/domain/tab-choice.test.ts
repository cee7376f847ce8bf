// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { chooseTab, type OpenTab } from '../../domain/tab-choice.ts';
import { INBOX } from '../notification.ts';

const tab = (id: number, url: string | undefined, facts: Partial<OpenTab> = {}): OpenTab => ({
  id,
  windowId: 1,
  url,
  active: false,
  inLastWindow: true,
  ...facts,
});
const C1 = 'https://inbox.example/inbox/c1';
const HOME = 'https://inbox.example/inbox';
const NEWS = 'https://news.example/';

describe('the way to a conversation', () => {
  test.each<[string, OpenTab[], object]>([
    ['the tab that shows it is raised', [tab(1, NEWS), tab(2, HOME), tab(3, C1)], { kind: 'raise', id: 3 }],
    [
      'wherever it is',
      [tab(1, HOME, { active: true }), tab(2, C1, { windowId: 2, inLastWindow: false })],
      { kind: 'raise', id: 2 },
    ],
    [
      'else an inbox tab goes there',
      [tab(1, NEWS, { active: true }), tab(2, HOME)],
      { kind: 'navigate', id: 2, url: C1 },
    ],
    ['though it shows another conversation', [tab(1, `${HOME}/c2`)], { kind: 'navigate', id: 1, url: C1 }],
    [
      'of several, the one in the window at hand',
      [tab(1, HOME, { inLastWindow: false, active: true }), tab(2, HOME)],
      { kind: 'navigate', id: 2, url: C1 },
    ],
    [
      'of several there, the one in front',
      [tab(1, HOME), tab(2, HOME, { active: true })],
      { kind: 'navigate', id: 2, url: C1 },
    ],
    [
      'of several behind others, the one used last',
      [tab(1, HOME, { lastAccessed: 1 }), tab(2, HOME, { lastAccessed: 2 })],
      { kind: 'navigate', id: 2, url: C1 },
    ],
    ['no inbox tab: a new one', [tab(1, NEWS)], { kind: 'new_tab', windowId: 7, url: C1 }],
    ['tabs that we may not see are no inbox', [tab(1, undefined)], { kind: 'new_tab', windowId: 7, url: C1 }],
  ])('%s', (_name, tabs, expected) => {
    const { kind, ...choice } = chooseTab(INBOX, 'c1', tabs, 7);
    const id = 'tab' in choice ? { id: choice.tab.id } : {};
    const url = 'url' in choice ? { url: choice.url } : {};
    const windowId = 'windowId' in choice ? { windowId: choice.windowId } : {};
    expect({ kind, ...id, ...windowId, ...url }).toEqual(expected);
  });

  test('no window: a new one', () => {
    expect(chooseTab(INBOX, 'c1', [], null)).toEqual({ kind: 'new_window', url: C1 });
  });

  test('the id is encoded', () => {
    expect(chooseTab(INBOX, 'a/b?c', [], 7)).toEqual({
      kind: 'new_tab',
      windowId: 7,
      url: 'https://inbox.example/inbox/a%2Fb%3Fc',
    });
  });
});

describe('the way to the inbox', () => {
  test('any inbox tab is raised as it is', () => {
    expect(chooseTab(INBOX, null, [tab(1, NEWS), tab(2, C1)], 7)).toMatchObject({ kind: 'raise', tab: { id: 2 } });
  });
  test('else it is opened', () => {
    expect(chooseTab(INBOX, null, [tab(1, NEWS)], 7)).toEqual({ kind: 'new_tab', windowId: 7, url: HOME });
  });
});
