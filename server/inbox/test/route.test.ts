// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { conversationIn, followAddress, go, openId, pathOf } from '../src/route.ts';

describe('addresses', () => {
  test.each(['c1', 'a/b', 'a b', '50%', '../..', '日本', '?x#y', '_assets'])(
    '%s survives the way there and back',
    (id) => {
      expect(conversationIn(new URL(pathOf(id), 'http://x').pathname.replace(/\/$/, ''))).toBe(id);
    },
  );

  test.each(['/inbox', '/inbox/', '/', '/inboxes/c1'])('%s names no conversation', (path) => {
    expect(conversationIn(path)).toBeNull();
  });

  test('a badly encoded address is taken literally', () => {
    expect(conversationIn('/inbox/50%')).toBe('50%');
  });
});

describe('history', () => {
  let stop: () => void;
  beforeEach(() => {
    history.replaceState(null, '', '/inbox/c1');
    stop = followAddress();
  });
  afterEach(() => stop());

  test('the address says what is open', () => expect(openId.value).toBe('c1'));

  test('going somewhere changes the address', () => {
    go('a/b');
    expect(location.pathname).toBe('/inbox/a%2Fb');
    expect(openId.value).toBe('a/b');
  });

  test('going where one is adds no step to go back', () => {
    const before = history.length;
    go('c1');
    expect(history.length).toBe(before);
  });

  test('the back button is followed', () => {
    history.replaceState(null, '', '/inbox/c0');
    dispatchEvent(new PopStateEvent('popstate'));
    expect(openId.value).toBe('c0');
  });
});
