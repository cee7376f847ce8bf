// @vitest-environment happy-dom
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { keepDraft, pruneDrafts, readDraft } from '../src/drafts.ts';

const ana = { businessId: 'b1', agentId: 'ana' };
const ben = { businessId: 'b1', agentId: 'ben' };
const NOW = Date.UTC(2026, 10, 23, 9);
const DAY = 24 * 60 * 60_000;

beforeEach(() => localStorage.clear());

describe('drafts', () => {
  test('a draft is found again, with whether it is a note', () => {
    keepDraft(ana, 'c1', { text: 'One moment', private: true }, NOW);
    expect(readDraft(ana, 'c1')).toEqual({ text: 'One moment', private: true });
  });

  test('another agent at the same computer does not see it', () => {
    keepDraft(ana, 'c1', { text: 'One moment', private: false }, NOW);
    expect(readDraft(ben, 'c1').text).toBe('');
    expect(readDraft({ ...ana, businessId: 'b2' }, 'c1').text).toBe('');
  });

  test('ids with slashes do not meet', () => {
    keepDraft({ businessId: 'b', agentId: 'x/y' }, 'z', { text: 'mine', private: false }, NOW);
    expect(readDraft({ businessId: 'b', agentId: 'x' }, 'y/z').text).toBe('');
  });

  test('an emptied draft leaves nothing behind', () => {
    keepDraft(ana, 'c1', { text: 'One', private: false }, NOW);
    keepDraft(ana, 'c1', { text: '', private: false }, NOW);
    expect(localStorage.length).toBe(0);
  });

  test.each(['nonsense', '{"text":1}', 'null', '[]'])('what is no draft reads as empty: %s', (stored) => {
    keepDraft(ana, 'c1', { text: 'One', private: false }, NOW);
    localStorage.setItem(localStorage.key(0)!, stored);
    expect(readDraft(ana, 'c1')).toEqual({ text: '', private: false });
  });

  test('a full storage is reported, not thrown', () => {
    const setItem = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    vi.stubGlobal('localStorage', { setItem });
    expect(keepDraft(ana, 'c1', { text: 'One', private: false }, NOW)).toBe(false);
    vi.unstubAllGlobals();
  });

  test('only drafts untouched for 30 days are pruned, and nothing of others', () => {
    keepDraft(ana, 'old', { text: 'old', private: false }, NOW - 31 * DAY);
    keepDraft(ana, 'young', { text: 'young', private: false }, NOW - 29 * DAY);
    localStorage.setItem('somebody-else', 'x');
    pruneDrafts(NOW);
    expect(readDraft(ana, 'old').text).toBe('');
    expect(readDraft(ana, 'young').text).toBe('young');
    expect(localStorage.getItem('somebody-else')).toBe('x');
  });
});
