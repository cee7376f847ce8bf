// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { type BadgeFacts, badgeLook, OFFLINE_SHOWN_AFTER_MS } from '../../domain/badge-look.ts';

const NOW = 10_000_000;
const quiet: BadgeFacts = { status: 'connected', since: 0, unread: 0, switchedOn: true, paused: false, now: NOW };
const justNow = NOW - OFFLINE_SHOWN_AFTER_MS + 1;
const longAgo = NOW - OFFLINE_SHOWN_AFTER_MS;

describe('the badge', () => {
  test.each<[string, Partial<BadgeFacts>, object]>([
    ['nothing is waiting', {}, { text: '', says: 'unread', tone: 'count', crossed: false }],
    ['one', { unread: 1 }, { text: '1' }],
    ['99', { unread: 99 }, { text: '99' }],
    ['100', { unread: 100 }, { text: '99+' }],
    [
      'signed out',
      { status: 'signed_out', unread: 3 },
      { text: '!', tone: 'grey', says: 'signed_out', crossed: false },
    ],
    ['disconnected a moment ago', { status: 'disconnected', since: justNow, unread: 3 }, { text: '3', tone: 'count' }],
    [
      'disconnected for a minute',
      { status: 'disconnected', since: longAgo, unread: 3 },
      { text: '!', tone: 'grey', says: 'offline' },
    ],
    [
      'polling for a minute',
      { status: 'polling', since: longAgo, unread: 3 },
      { text: '3', tone: 'count', says: 'unread' },
    ],
    ['connecting for a minute', { status: 'connecting', since: longAgo }, { text: '!', tone: 'grey', says: 'offline' }],
    [
      'disconnected since a moment that lies ahead, for the clock was set back',
      { status: 'disconnected', since: NOW + 1 },
      { text: '!', says: 'offline' },
    ],
    ['replaced for a minute', { status: 'replaced', since: longAgo }, { text: '!', tone: 'grey', says: 'offline' }],
    ['switched off', { switchedOn: false, unread: 3 }, { text: '3', says: 'switched_off', crossed: true }],
    ['paused', { paused: true, unread: 3 }, { text: '3', says: 'paused', crossed: true }],
    [
      'paused and disconnected',
      { paused: true, status: 'disconnected', since: longAgo },
      { text: '!', says: 'offline', crossed: true },
    ],
  ])('%s', (_name, facts, expected) => {
    expect(badgeLook({ ...quiet, ...facts })).toMatchObject(expected);
  });
});
