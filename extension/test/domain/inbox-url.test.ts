// @vitest-environment node
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { conversationAt, conversationUrl, isInboxPage } from '../../domain/inbox-url.ts';
import { INBOX } from '../notification.ts';

const inPath = INBOX;
const inDepth = { url: 'https://x.example/app/', conversationUrl: 'https://x.example/app/c/{conversationId}/thread' };
const inQuery = {
  url: 'https://x.example/inbox',
  conversationUrl: 'https://x.example/inbox?view=chat&id={conversationId}',
};
const inHash = { url: 'https://x.example/app', conversationUrl: 'https://x.example/app#/chats/{conversationId}' };
const elsewhere = { url: 'https://x.example/inbox', conversationUrl: 'https://chat.example/{conversationId}' };

describe('the conversation a page shows', () => {
  test.each([
    ['in the path', inPath, 'https://inbox.example/inbox/c1', 'c1'],
    ['whatever query and fragment', inPath, 'https://inbox.example/inbox/c1?a=b#c', 'c1'],
    ['with a slash at the end', inPath, 'https://inbox.example/inbox/c1/', 'c1'],
    ['below it', inPath, 'https://inbox.example/inbox/c1/details', 'c1'],
    ['encoded', inPath, 'https://inbox.example/inbox/a%2Fb%20c', 'a/b c'],
    ['none at the inbox', inPath, 'https://inbox.example/inbox', null],
    ['none at the inbox with a slash', inPath, 'https://inbox.example/inbox/', null],
    ['another origin', inPath, 'https://inbox.evil.example/inbox/c1', null],
    ['another port', inPath, 'https://inbox.example:444/inbox/c1', null],
    ['broken encoding', inPath, 'https://inbox.example/inbox/%E0%A4%A', null],
    ['in the middle of the path', inDepth, 'https://x.example/app/c/c1/thread', 'c1'],
    ['another page about it', inDepth, 'https://x.example/app/c/c1/settings', null],
    ['across a separator', inDepth, 'https://x.example/app/c/c1/more/thread', null],
    ['in the query', inQuery, 'https://x.example/inbox?id=c1&view=chat&more=1', 'c1'],
    ['in the query of another view', inQuery, 'https://x.example/inbox?id=c1&view=contact', null],
    ['not in the query', inQuery, 'https://x.example/inbox?view=chat', null],
    ['in the query of another page', inQuery, 'https://x.example/other?id=c1&view=chat', null],
    ['in the fragment', inHash, 'https://x.example/app#/chats/c1', 'c1'],
    ['in the fragment, and more', inHash, 'https://x.example/app/#/chats/c1?tab=2', 'c1'],
    ['another fragment', inHash, 'https://x.example/app#/people/c1', null],
    ['no URL we may see', inPath, undefined, null],
    ['no URL at all', inPath, 'nonsense', null],
  ])('%s', (_name, inbox, page, id) => {
    expect(conversationAt(inbox, page)).toBe(id);
  });

  test.each([
    ['path', inPath],
    ['depth', inDepth],
    ['query', inQuery],
    ['fragment', inHash],
  ])('is the one that was opened, whatever its id: %s', (_name, inbox) => {
    const id = fc.string({ minLength: 1, maxLength: 128, unit: 'grapheme' });
    fc.assert(
      fc.property(id, (conversationId) => {
        // A path cannot hold these two, encoded or not: they mean "here" and "above".
        fc.pre(conversationId !== '.' && conversationId !== '..');
        expect(conversationAt(inbox, conversationUrl(inbox, conversationId))).toBe(conversationId);
      }),
    );
  });
});

test.each(['', 'nonsense', 'inbox/{conversationId}', '//{conversationId}', 'http://', 'https://{conversationId}:x/'])(
  'a template that is no URL (%j) shows no conversation, and no page is the inbox',
  (address) => {
    const inbox = { url: address, conversationUrl: address };
    expect(conversationAt(inbox, 'https://inbox.example/inbox/c1')).toBeNull();
    expect(isInboxPage(inbox, 'https://inbox.example/inbox')).toBe(false);
  },
);

test('an id with half a surrogate pair has an address all the same', () => {
  expect(conversationUrl(inPath, 'a\ud83d')).toBe('https://inbox.example/inbox/a%EF%BF%BD');
});

describe('the inbox', () => {
  test.each([
    ['at its URL', inPath, 'https://inbox.example/inbox', true],
    ['with a slash', inPath, 'https://inbox.example/inbox/', true],
    ['with query and fragment', inPath, 'https://inbox.example/inbox?x=1#y', true],
    ['below it', inPath, 'https://inbox.example/inbox/settings', true],
    ['beside it', inPath, 'https://inbox.example/inbox-old', false],
    ['above it', inPath, 'https://inbox.example/', false],
    ['another origin', inPath, 'http://inbox.example/inbox', false],
    ['at the root of an origin', { ...inPath, url: 'https://inbox.example' }, 'https://inbox.example/any', true],
    ['at a conversation elsewhere', elsewhere, 'https://chat.example/c1', true],
    ['no URL we may see', inPath, undefined, false],
    ['no URL at all', inPath, '', false],
  ])('%s', (_name, inbox, page, is) => {
    expect(isInboxPage(inbox, page)).toBe(is);
  });
});
