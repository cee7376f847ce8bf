import type { Account } from '@converso/extension/state.ts';
import type { Notification } from '@converso/shared';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Chrome, startChrome } from '../support/browser.ts';
import { ANA } from '../support/business-fixture.ts';
import { type Desktop, startDesktop } from '../support/notification-daemon.ts';
import { type OlderServer, startOlderServer } from '../support/older-server.ts';
import { waitFor } from '../support/wait-for.ts';

const programs = inject('programs');

/** What the D-Bus specification and XML 1.0 refuse, though JSON carries it. */
const HOSTILE = '\ufffe\uffff\ufdd0\ufdef\u{1fffe}\u{10ffff}\u0000\u0001';
const CLEAN = '\ufffd'.repeat(8);

describe.skipIf(!programs)('text of a customer that a desktop refuses, from a server that does not clean it,', () => {
  let server: OlderServer;
  let desktop: Desktop;
  let chrome: Chrome;

  beforeAll(async () => {
    server = await startOlderServer(ANA);
    desktop = await startDesktop({ dbusDaemon: programs!.dbusDaemon });
    chrome = await startChrome({
      executable: programs!.chromium,
      extension: inject('extension'),
      busAddress: desktop.busAddress,
    });
    await chrome.inWorker((account) => globalThis.chrome.storage.local.set({ account }), {
      server: server.url,
      token: 'a token',
    } satisfies Account);
    // Opening the popup makes the worker connect.
    const popup = await chrome.open(chrome.page('popup.html'));
    await waitFor('the extension is connected', () =>
      chrome.inWorker(async () => (await globalThis.chrome.storage.local.get('bell')).bell, null),
    );
    await popup.close();
  });
  afterAll(async () => {
    await chrome?.close();
    await desktop?.close();
    await server?.close();
  });

  let seq = 1;
  const news = (conversationId: string, text: string): Notification => {
    seq += 1;
    const at = new Date().toISOString();
    return {
      id: `n-${conversationId}`,
      seq,
      reason: 'inbound',
      state: 'open',
      settledBy: null,
      alert: true,
      alertedSeq: seq,
      why: 'team_unassigned',
      conversation: {
        ...{ id: conversationId, channel: 'whatsapp', group: { id: 'sales', name: `Sales ${text}` } },
        ...{ source: null, ref: null },
      },
      customer: { kind: 'contact', name: `Maria ${text}`, address: null },
      message: { text: `Hello ${text}`, sentAt: at },
      messageCount: 1,
      waitingSince: at,
      createdAt: at,
      updatedAt: at,
    };
  };

  test('does not end the browser: a toast shows it with U+FFFD in place of each such character', async () => {
    server.notify(news('c1', HOSTILE));
    const toast = await desktop.nextToast();
    expect(toast).toMatchObject({ title: `Maria ${CLEAN}`, text: `Hello ${CLEAN}` });
    expect(toast.context).toContain(`Sales ${CLEAN}`);
    server.notify(news('c1', `${HOSTILE}again`));
    await toast.becomes(({ text }) => text === `Hello ${CLEAN}again`);
    server.notify(news('c2', 'after it'));
    expect((await desktop.nextToast()).text).toBe('Hello after it');
  });
});
