// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { conversationUrl, isInboxPage } from '../../domain/inbox-url.ts';
import { inboxesOf, placeOf, viewedAt } from '../../domain/inboxes.ts';
import { chooseTab } from '../../domain/tab-choice.ts';
import { aMe, aNotification, CHATWOOT, INBOX } from '../notification.ts';

const ACCOUNT = 'https://desk.example/app/accounts/3';
const me = aMe({ inboxes: [CHATWOOT] });
const conversation = { ...aNotification().conversation, id: 'cw:42', source: 'cw', ref: '42' };
const { inbox } = placeOf(me, conversation);

/** The seven forms in which Chatwoot shows one chat, and the one with a message. */
const FORMS = [
  '/conversations/42',
  '/conversations/42?messageId=7',
  '/inbox/9/conversations/42',
  '/label/urgent%20one/conversations/42',
  '/team/5/conversations/42',
  '/custom_view/2/conversations/42',
  '/mentions/conversations/42',
  '/unattended/conversations/42',
  '/participating/conversations/42',
];

describe('a chat of a source', () => {
  test('opens at the first form of its address', () => {
    expect(conversationUrl(inbox, '42')).toBe(`${ACCOUNT}/conversations/42`);
    expect(placeOf(me, conversation)).toMatchObject({ id: '42', inbox: { source: 'cw', canTake: false } });
  });

  test.each([
    ['of a source without an inbox', { source: 'sms', ref: '1' }],
    ['without an id there', { source: 'cw', ref: null }],
    ['of no source', { source: null, ref: null }],
  ])('%s opens in the default inbox', (_, origin) => {
    expect(placeOf(me, { id: 'c1', ...origin })).toMatchObject({ id: 'c1', inbox: INBOX });
  });

  test('opens in the default inbox of a server that names no others', () => {
    const { inboxes: _, ...older } = me;
    expect(inboxesOf(older)).toEqual([{ ...INBOX, source: null }]);
  });

  test.each(FORMS)('is recognised at %s', (path) => {
    const page = `${ACCOUNT}${path}`;
    expect(viewedAt(me, [{ conversation }], page)).toEqual({ inboxFocused: true, conversationId: 'cw:42' });
    const tab = { id: 1, windowId: 1, url: page, active: true, inLastWindow: true };
    expect(chooseTab(inbox, '42', [tab], 1)).toEqual({ kind: 'raise', tab });
  });

  test.each([
    ['another chat', `${ACCOUNT}/conversations/43`, true],
    ['the list', `${ACCOUNT}/dashboard`, true],
    ['the list of one inbox', `${ACCOUNT}/inbox/9`, true],
    ['mentions', `${ACCOUNT}/mentions/conversations`, true],
    ['contacts', `${ACCOUNT}/contacts`, false],
    ['settings', `${ACCOUNT}/settings/inboxes/9`, false],
    ['the account', ACCOUNT, true],
    ['the list of another account', 'https://desk.example/app/accounts/4/inbox/9', false],
    ['another account', 'https://desk.example/app/accounts/4/conversations/42', false],
    ['another origin', 'https://evil.example/app/accounts/3/inbox/9', false],
    ['the default inbox', `${INBOX.url}/c7`, true],
  ])('%s is not the chat', (_, page, inboxFocused) => {
    expect(viewedAt(me, [{ conversation }], page)).toMatchObject({ inboxFocused });
    expect(viewedAt(me, [{ conversation }], page).conversationId).not.toBe('cw:42');
  });

  test('takes a tab of its own inbox to it, and none of another', () => {
    const tab = (url: string) => ({ id: 1, windowId: 1, url, active: true, inLastWindow: true });
    const url = `${ACCOUNT}/conversations/42`;
    const list = tab(`${ACCOUNT}/team/5`);
    expect(chooseTab(inbox, '42', [tab(INBOX.url), list], 1)).toEqual({ kind: 'navigate', tab: list, url });
    expect(chooseTab(inbox, '42', [tab(INBOX.url)], 1)).toEqual({ kind: 'new_tab', windowId: 1, url });
  });

  test('that an older version stored without a source is of no page of one', () => {
    const { source: _, ref: __, ...older } = conversation;
    const items = [{ conversation: older as typeof conversation }];
    expect(viewedAt(me, items, 'https://news.example/').conversationId).toBeNull();
    expect(placeOf(me, older as typeof conversation)).toMatchObject({ id: 'cw:42', inbox: INBOX });
  });
});

test('an inbox with one form of address has no lists beside its own pages', () => {
  expect(
    isInboxPage(
      { url: 'https://x.example/a', conversationUrl: 'https://x.example/b/{conversationId}' },
      'https://x.example/b',
    ),
  ).toBe(false);
});
