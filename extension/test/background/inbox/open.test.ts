// @vitest-environment node
import { describe, expect, test, vi } from 'vitest';

import { sendMessage } from '../../../messages.ts';
import { aMe, aNotification, CHATWOOT, INBOX } from '../../notification.ts';
import { setUp } from '../worker.ts';

const C1 = `${INBOX.url}/c1`;
const NEWS = 'https://news.example/';
const TOAST = 'conversation:c1';
const READ_C1 = 'POST /v1/conversations/c1/read';

/** A device with one toast on the screen. */
const withToast = async (me = aMe()) => {
  const all = await setUp();
  all.server.reply(READ_C1, { status: 200, body: { unread: 0 } });
  const { stream } = await all.live([], me);
  await all.notify(stream, aNotification({ seq: 11, why: 'team_unassigned' }));
  const paths = () => all.server.requests.filter(({ method }) => method === 'POST').map(({ path }) => path);
  /** The last that a click on the toast leads to, so nothing of it is left for the next test. */
  const isRead = () => all.saw(() => expect(paths()).toContain('/v1/conversations/c1/read'));
  return { ...all, stream, paths, isRead };
};

describe('a click on a toast', () => {
  test('opens a tab at the conversation; the toast goes, the notification is read', async () => {
    const { desktop, paths, saw, state, server } = await withToast();
    desktop.open([NEWS], { focused: true });
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(paths()).toEqual(['/v1/conversations/c1/read']));
    expect(desktop.inFront()).toEqual([C1]);
    expect(desktop.titles()).toEqual([]);
    expect((await state.storedBell.getValue()).items[0]?.state).toBe('read');
    expect(await desktop.badge()).toBe('');
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer token-1');
  });

  test('raises the window of the tab that shows the conversation, and loads nothing', async () => {
    const { desktop, saw, isRead, browser } = await withToast();
    const update = vi.spyOn(browser.tabs, 'update');
    desktop.open([NEWS, C1], { state: 'minimized' });
    desktop.open([NEWS], { focused: true });
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(desktop.windows[0]).toMatchObject({ focused: true, state: 'normal' }));
    await isRead();
    expect(desktop.inFront()).toEqual([C1, NEWS]);
    expect(update).toHaveBeenCalledWith(101, { active: true });
  });

  test('takes an inbox tab in another window to the conversation', async () => {
    const { desktop, saw, isRead } = await withToast();
    desktop.open([NEWS, `${INBOX.url}/c7`]);
    desktop.open([NEWS], { focused: true });
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(desktop.windows[0]?.focused).toBe(true));
    await isRead();
    expect(desktop.inFront()).toEqual([C1, NEWS]);
    expect(desktop.windows.flatMap(({ tabs }) => tabs)).toHaveLength(3);
  });

  test('takes an inbox tab to the conversation that still loads its page', async () => {
    const { desktop, saw } = await withToast();
    const window = desktop.open([NEWS], { focused: true });
    window.tabs.push({ id: 150, pendingUrl: INBOX.url, active: false });
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(desktop.inFront()).toEqual([C1]));
    expect(window.tabs).toHaveLength(2);
  });

  test('takes an inbox that was installed as an app to the conversation', async () => {
    const { desktop, saw, isRead } = await withToast();
    desktop.open([INBOX.url], { type: 'app' });
    desktop.open([NEWS], { focused: true });
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(desktop.windows[0]?.focused).toBe(true));
    await isRead();
    expect(desktop.inFront()).toEqual([C1, NEWS]);
  });

  test('takes an inbox in a popup window to the conversation', async () => {
    const { desktop, saw, isRead } = await withToast();
    desktop.open([INBOX.url], { type: 'popup' });
    desktop.open([NEWS], { focused: true });
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(desktop.windows[0]?.focused).toBe(true));
    await isRead();
    expect(desktop.inFront()).toEqual([C1, NEWS]);
  });

  test('opens a window beside an app, which cannot hold a tab', async () => {
    const { desktop, saw, isRead } = await withToast();
    desktop.open([NEWS], { type: 'app', focused: true });
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(desktop.inFront()).toEqual([NEWS, C1]));
    await isRead();
    expect(desktop.windows).toHaveLength(2);
  });

  test('opens no tab in a private window, where nobody is signed in', async () => {
    const { desktop, saw, isRead } = await withToast();
    desktop.open([NEWS]);
    desktop.open([NEWS], { incognito: true, focused: true });
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(desktop.inFront()).toEqual([C1, NEWS]));
    await isRead();
    expect(desktop.windows[0]?.focused).toBe(true);
  });

  test('opens a window beside a private one', async () => {
    const { desktop, saw, isRead } = await withToast();
    desktop.open([NEWS], { incognito: true, focused: true });
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(desktop.inFront()).toEqual([NEWS, C1]));
    await isRead();
  });

  test('takes an inbox tab in a private window to the conversation', async () => {
    const { desktop, saw, isRead } = await withToast();
    desktop.open([NEWS], { focused: true });
    desktop.open([NEWS, INBOX.url], { incognito: true });
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(desktop.inFront()).toEqual([NEWS, C1]));
    await isRead();
    expect(desktop.windows[1]?.focused).toBe(true);
  });

  test('opens a window where there is none', async () => {
    const { desktop, saw, isRead } = await withToast();
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(desktop.inFront()).toEqual([C1]));
    await isRead();
  });

  test('works for a worker that was stopped, by the id alone', async () => {
    const { desktop, saw, state, start, server } = await setUp();
    await state.storedBell.setValue({ cursor: '10', me: aMe(), items: [], unread: 0, handled: {} });
    server.answerStreams((_request, response) => response.writeHead(500).end());
    start();
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(desktop.inFront()).toEqual([C1]));
    await saw(() => expect(server.requests.map(({ path }) => path)).toContain('/v1/conversations/c1/read'));
  });

  test('on the summary opens the inbox', async () => {
    const { desktop, saw } = await withToast();
    desktop.toastClicked.fire('summary');
    await saw(() => expect(desktop.inFront()).toEqual([INBOX.url]));
  });

  test('leads to the sign-in where nobody is signed in', async () => {
    const { desktop, saw, start } = await setUp({ signedIn: false });
    desktop.open([NEWS], { focused: true });
    start();
    desktop.toastClicked.fire('signed-out');
    await saw(() => expect(desktop.inFront()).toEqual([expect.stringMatching(/welcome\.html$/)]));
  });
});

describe('a chat of a source', () => {
  const CHAT = 'https://desk.example/app/accounts/3/conversations/42';
  const LIST = 'https://desk.example/app/accounts/3/inbox/9';
  const fromChatwoot = { ...aNotification({ conversationId: 'cw:42' }).conversation, source: 'cw', ref: '42' };
  const news = (seq: number) => aNotification({ seq, conversationId: 'cw:42', conversation: fromChatwoot });

  const withChat = async (granted = true) => {
    const all = await setUp();
    if (granted) all.desktop.granted.push('https://desk.example/*');
    all.server.reply('POST /v1/conversations/cw%3A42/read', { status: 200, body: { unread: 0 } });
    const { stream } = await all.live([], aMe({ inboxes: [CHATWOOT] }));
    return { ...all, stream };
  };

  test('has a toast without "Take", and a click takes a tab of its inbox to it', async () => {
    const { desktop, notify, stream, saw } = await withChat();
    desktop.open([LIST, NEWS]);
    desktop.open([NEWS], { focused: true });
    await notify(stream, news(11));
    expect(desktop.toast('conversation:cw:42')?.buttons).toEqual([{ title: 'Open' }]);
    desktop.toastClicked.fire('conversation:cw:42');
    await saw(() => expect(desktop.inFront()).toEqual([CHAT, NEWS]));
    await saw(() => expect(desktop.titles()).toEqual([]));
  });

  test('is read by a click, also where the default inbox is the one of the server itself', async () => {
    const all = await setUp();
    all.desktop.granted.push('https://desk.example/*');
    all.server.reply('POST /v1/conversations/cw%3A42/read', { status: 200, body: { unread: 0 } });
    const own = {
      ...INBOX,
      url: `${all.server.url}/inbox`,
      conversationUrl: `${all.server.url}/inbox/{conversationId}`,
    };
    const { stream } = await all.live([], aMe({ inbox: own, inboxes: [CHATWOOT] }));
    await all.notify(stream, news(11));
    all.desktop.toastClicked.fire('conversation:cw:42');
    const paths = () => all.server.requests.map(({ path }) => path);
    await all.saw(() => expect(paths()).toContain('/v1/conversations/cw%3A42/read'));
  });

  test('brings no toast while its inbox is in front, and is read while it is in front itself', async () => {
    const { desktop, notify, stream, state, saw } = await withChat();
    const window = desktop.open([LIST], { focused: true });
    await notify(stream, news(11));
    expect(desktop.titles()).toEqual([]);
    window.tabs[0]!.url = 'https://desk.example/app/accounts/3/team/5/conversations/42';
    await notify(stream, news(12));
    await saw(async () => expect((await state.storedBell.getValue()).items[0]?.state).toBe('read'));
    expect(desktop.titles()).toEqual([]);
  });

  test('brings no toast while another inbox is in front', async () => {
    const { desktop, notify, stream } = await withChat();
    desktop.open([INBOX.url], { focused: true });
    await notify(stream, news(11));
    expect(desktop.titles()).toEqual([]);
  });

  test('leads to the page that asks for its site, where nobody granted it', async () => {
    const { desktop, notify, stream, saw, state } = await withChat(false);
    const refusal = { reason: 'not_granted', url: CHATWOOT.url };
    await saw(async () => expect(await state.inboxRefusal.getValue()).toEqual(refusal));
    desktop.open([NEWS], { focused: true });
    await notify(stream, news(11));
    desktop.toastClicked.fire('conversation:cw:42');
    await saw(() => expect(desktop.inFront().at(-1)).toMatch(/welcome\.html$/));
  });

  test('of a source that was plugged in just now makes the worker fetch where it opens, once', async () => {
    const all = await setUp();
    const { stream } = await all.live([], aMe());
    all.server.reply('GET /v1/me', { status: 200, body: aMe({ inboxes: [CHATWOOT] }) });
    await all.notify(stream, news(11));
    await all.saw(async () => expect((await all.state.storedBell.getValue()).me?.inboxes).toEqual([CHATWOOT]));
    await all.notify(stream, news(12));
    expect(all.server.requests.filter(({ path }) => path === '/v1/me')).toHaveLength(1);
  });
});

describe('an inbox that the server names', () => {
  const at = (url: string) => aMe({ inbox: { ...INBOX, url, conversationUrl: `${url}/{conversationId}` } });
  const inFront = (desktop: Awaited<ReturnType<typeof setUp>>['desktop']) => desktop.inFront().at(-1);

  test.each([
    ['on a site that nobody granted', 'https://evil.example/inbox', 'not_granted'],
    ['as a file', 'file:///home', 'not_web'],
    ['as a page in itself', 'data:text/html,hello', 'not_web'],
    ['by plain http', 'http://inbox.example/inbox', 'plain_http'],
    ['by something that is no address', 'nonsense', 'no_address'],
  ])('%s is not opened: the page that says why is, and toasts go on', async (_name, url, reason) => {
    const { desktop, saw, state, paths, notify, stream } = await withToast(at(url));
    expect(desktop.titles()).toEqual(['Maria Silva']);
    await saw(async () => expect(await state.inboxRefusal.getValue()).toEqual({ reason, url }));
    desktop.open([NEWS], { focused: true });
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(inFront(desktop)).toMatch(/welcome\.html$/));
    await notify(stream, aNotification({ seq: 12, conversationId: 'c2' }));
    // It is still there to be clicked when the agent has granted the site.
    expect([...desktop.toasts.keys()]).toEqual([TOAST, 'conversation:c2']);
    expect(paths()).toEqual([]);
    expect(desktop.windows.flatMap(({ tabs }) => tabs.map((tab) => tab.url))).not.toContain(`${url}/c1`);
  });

  test('at the server itself needs no grant', async () => {
    const all = await setUp();
    const url = `${all.server.url}/inbox`;
    const { stream } = await all.live([], at(url));
    await all.notify(stream, aNotification({ seq: 11 }));
    all.desktop.toastClicked.fire(TOAST);
    await all.saw(() => expect(all.desktop.inFront()).toEqual([`${url}/c1`]));
    await all.saw(() => expect(all.desktop.titles()).toEqual([]));
    // Its own page reports the read once the chat is shown.
    expect(all.server.requests.map(({ path }) => path)).not.toContain('/v1/conversations/c1/read');
  });

  test('is opened as soon as the agent grants its site', async () => {
    const { desktop, saw, state, isRead } = await withToast(at('https://new.example/inbox'));
    await saw(async () => expect(await state.inboxRefusal.getValue()).toMatchObject({ reason: 'not_granted' }));
    desktop.granted.push('https://new.example/*');
    desktop.originGranted.fire({ origins: ['https://new.example/*'] });
    await saw(async () => expect(await state.inboxRefusal.getValue()).toBeNull());
    desktop.toastClicked.fire(TOAST);
    await isRead();
    expect(desktop.inFront()).toEqual(['https://new.example/inbox/c1']);
  });

  test('is opened where the policy grants it', async () => {
    const { desktop, isRead } = await withToast(at('https://policy.example/inbox'));
    desktop.managed = { inboxOrigins: ['https://policy.example'] };
    desktop.toastClicked.fire(TOAST);
    await isRead();
    expect(desktop.inFront()).toEqual(['https://policy.example/inbox/c1']);
  });
});

describe('the inbox of the server itself', () => {
  const TICKET = 'POST /v1/auth/ticket';

  const builtIn = async () => {
    const all = await setUp();
    const url = `${all.server.url}/inbox`;
    all.server.reply(TICKET, { status: 200, body: { ticket: 'once' } });
    const inbox = { url, conversationUrl: `${url}/{conversationId}`, canTake: true };
    const { stream } = await all.live([], aMe({ inbox }));
    await all.notify(stream, aNotification({ seq: 11 }));
    const posted = () => all.server.requests.filter(({ method }) => method === 'POST');
    const click = async () => {
      all.desktop.toastClicked.fire(TOAST);
      // The toast goes last.
      await all.saw(() => expect(all.desktop.titles()).toEqual([]));
    };
    return { ...all, url, c1: `${url}/c1`, stream, posted, click };
  };

  test('opens with a ticket of this session', async () => {
    const { desktop, c1, posted, click } = await builtIn();
    desktop.open([NEWS], { focused: true });
    await click();
    expect(desktop.inFront()).toEqual([`${c1}?ticket=once`]);
    expect(posted().map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/v1/auth/ticket', 'Bearer token-1'],
    ]);
  });

  test('opens with a ticket in an inbox tab, in a window where there is none, and from the popup', async () => {
    const { desktop, url, c1, click } = await builtIn();
    desktop.open([NEWS, url], { focused: true });
    await click();
    expect(desktop.inFront()).toEqual([`${c1}?ticket=once`]);
    desktop.windows.length = 0;
    await sendMessage('openInbox');
    expect(desktop.inFront()).toEqual([`${url}?ticket=once`]);
  });

  test('is only brought to the front where it shows the chat already, and asks for no ticket', async () => {
    const { desktop, c1, posted, click } = await builtIn();
    desktop.open([NEWS, c1], { focused: true });
    await click();
    expect(desktop.inFront()).toEqual([c1]);
    expect(posted()).toEqual([]);
  });

  test.each([
    ['refuses', 404],
    ['has ended the session', 401],
    ['cannot store one', 503],
  ])('opens without a ticket where the server %s', async (_name, status) => {
    const { desktop, c1, click, server } = await builtIn();
    server.reply(TICKET, { status, body: { title: 'No' } });
    await click();
    expect(desktop.inFront()).toEqual([c1]);
  });

  test('opens without a ticket where the server does not answer within a second', async () => {
    const { desktop, c1, click, server } = await builtIn();
    server.reply(TICKET, 'silence');
    await click();
    expect(desktop.inFront()).toEqual([c1]);
  });

  test('asks for one ticket, however often the browser refuses the tab', async () => {
    const { desktop, c1, posted, click, browser } = await builtIn();
    desktop.open([NEWS], { focused: true });
    spyOnCall(browser, 'tabs.create').mockRejectedValueOnce(DRAGGED);
    await click();
    expect(desktop.inFront()).toEqual([`${c1}?ticket=once`]);
    expect(posted()).toHaveLength(1);
  });

  test('says itself what was read: a click leaves the badge as it is until the page has shown the chat', async () => {
    const { desktop, click, state, notify, stream } = await builtIn();
    await click();
    expect((await state.storedBell.getValue()).items[0]?.state).toBe('open');
    expect(await state.pendingReads.getValue()).toEqual([]);
    expect(await desktop.badge()).toBe('1');
    await notify(stream, aNotification({ seq: 12, alertedSeq: 11, state: 'read' }), 0);
    expect(await desktop.badge()).toBe('');
  });

  test('in front at a chat gets no toast for it, and no read either: somebody may have to sign in there', async () => {
    const { desktop, c1, posted, notify, stream, state, browser } = await builtIn();
    desktop.toasts.clear();
    desktop.open([c1], { focused: true });
    await browser.tabs.onActivated.trigger({ tabId: 100, windowId: 1 });
    await notify(stream, aNotification({ seq: 12 }));
    expect(desktop.titles()).toEqual([]);
    expect((await state.storedBell.getValue()).items[0]?.state).toBe('open');
    expect(posted()).toEqual([]);
  });

  test('elsewhere gets no ticket, whatever the server claims of it', async () => {
    const all = await setUp();
    all.server.reply(READ_C1, { status: 200, body: { unread: 0 } });
    const inbox = { ...INBOX, url: `${all.server.url}/inbox`, canTake: true };
    const { stream } = await all.live([], aMe({ inbox }));
    await all.notify(stream, aNotification({ seq: 11 }));
    all.desktop.toastClicked.fire(TOAST);
    await all.saw(() => expect(all.desktop.titles()).toEqual([]));
    expect(all.desktop.inFront()).toEqual([C1]);
    expect(all.server.requests.map(({ path }) => path)).not.toContain('/v1/auth/ticket');
  });
});

/** What Chrome says while the person drags a tab. */
const DRAGGED = new Error('Tabs cannot be edited right now (user may be dragging a tab).');
const CALLS = [
  'tabs.update',
  'tabs.create',
  'windows.getAll',
  'windows.getLastFocused',
  'windows.get',
  'windows.update',
];
type Browser = Awaited<ReturnType<typeof setUp>>['browser'];
const spyOnCall = (browser: Browser, call: string) => {
  const [area, name] = call.split('.') as ['tabs', 'update'];
  return vi.spyOn(browser[area], name);
};

describe('a click while the browser refuses', () => {
  test.each(CALLS)('%s once still opens the conversation, and only once', async (call) => {
    const { desktop, saw, browser, paths } = await withToast();
    // Where a new tab is needed, and where the inbox is open already.
    desktop.open(call === 'tabs.create' ? [NEWS] : [NEWS, INBOX.url], { focused: true });
    spyOnCall(browser, call).mockRejectedValueOnce(DRAGGED);
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(paths()).toEqual(['/v1/conversations/c1/read']));
    expect(desktop.inFront()).toEqual([C1]);
    expect(desktop.windows.flatMap(({ tabs }) => tabs)).toHaveLength(2);
    expect(desktop.titles()).toEqual([]);
  });

  test.each(CALLS)('%s for longer than a second opens it in a tab or window of its own', async (call) => {
    const { desktop, saw, browser, paths } = await withToast();
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    desktop.open(call === 'tabs.create' ? [NEWS] : [NEWS, INBOX.url], { focused: true });
    spyOnCall(browser, call).mockRejectedValue(DRAGGED);
    desktop.toastClicked.fire(TOAST);
    await vi.waitFor(() => expect(paths()).toEqual(['/v1/conversations/c1/read']), { timeout: 10_000 });
    const urls = desktop.windows.flatMap(({ tabs }) => tabs).map(({ url }) => url);
    expect(urls).toContain(C1);
    // One page more than before, where a new tab was needed anyhow as well.
    expect(urls).toHaveLength(call === 'tabs.create' ? 2 : 3);
    await saw(() => expect(desktop.titles()).toEqual([]));
  });

  test('to say what is granted once still opens the conversation', async () => {
    const { desktop, browser, isRead } = await withToast();
    desktop.open([NEWS], { focused: true });
    vi.spyOn(browser.permissions, 'contains').mockRejectedValueOnce(DRAGGED as never);
    desktop.toastClicked.fire(TOAST);
    await isRead();
    expect(desktop.inFront()).toEqual([C1]);
  });

  test('keeps the toast until the conversation is there', async () => {
    const { desktop, saw, browser, isRead } = await withToast();
    desktop.open([NEWS, INBOX.url], { focused: true });
    let letGo = () => {};
    const update = spyOnCall(browser, 'tabs.update');
    update.mockImplementationOnce(
      () =>
        new Promise((_resolve, reject) => {
          letGo = () => reject(DRAGGED);
        }),
    );
    desktop.toastClicked.fire(TOAST);
    await saw(() => expect(update).toHaveBeenCalled());
    expect(desktop.titles()).toEqual(['Maria Silva']);
    desktop.toastClicked.fire(TOAST);
    letGo();
    await saw(() => expect(desktop.titles()).toEqual([]));
    expect(desktop.inFront()).toEqual([C1]);
    // The second click came while the first was being carried out.
    expect(update).toHaveBeenCalledTimes(2);
    await isRead();
  });

  test('everything keeps the toast and reads nothing', async () => {
    const { desktop, browser, paths } = await withToast();
    vi.spyOn(console, 'warn').mockImplementation(() => {});
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    desktop.open([NEWS, INBOX.url], { focused: true });
    for (const call of [...CALLS, 'windows.create']) spyOnCall(browser, call).mockRejectedValue(DRAGGED);
    desktop.toastClicked.fire(TOAST);
    await vi.waitFor(() => expect(error).toHaveBeenCalled(), { timeout: 10_000 });
    expect(desktop.titles()).toEqual(['Maria Silva']);
    expect(paths()).toEqual([]);
  });

  test('leads to the sign-in, also where no window is open', async () => {
    const { desktop, saw, start, browser } = await setUp({ signedIn: false });
    start();
    spyOnCall(browser, 'tabs.create').mockRejectedValueOnce(DRAGGED);
    desktop.toastClicked.fire('signed-out');
    await saw(() => expect(desktop.inFront()).toEqual([expect.stringMatching(/welcome\.html$/)]));
  });
});

describe('"Take"', () => {
  const TAKE = 'POST /v1/conversations/c1/take';

  test('opens the chat although the browser refuses once, and keeps the toast until then', async () => {
    const { desktop, server, saw, browser, paths } = await withToast();
    server.reply(TAKE, { status: 200, body: { assignee: { id: 'a1', name: 'Ana' } } });
    desktop.open([NEWS, INBOX.url], { focused: true });
    spyOnCall(browser, 'tabs.update').mockRejectedValueOnce(DRAGGED);
    desktop.toastButton.fire(TOAST, 1);
    await saw(() => expect(paths()).toEqual(['/v1/conversations/c1/take', '/v1/conversations/c1/read']));
    expect(desktop.inFront()).toEqual([C1]);
    expect(desktop.titles()).toEqual([]);
  });

  test('of a chat that the bell does not know takes its toast away too', async () => {
    const { desktop, server, saw, state, isRead } = await withToast();
    server.reply(TAKE, { status: 200, body: { assignee: { id: 'a1', name: 'Ana' } } });
    await state.storedBell.setValue({ ...(await state.storedBell.getValue()), items: [] });
    desktop.toastButton.fire('outcome:c1', 1);
    desktop.toastButton.fire(TOAST, 1);
    await saw(() => expect(desktop.titles()).toEqual([]));
    await isRead();
  });

  test('assigns the chat and opens it', async () => {
    const { desktop, server, saw, paths } = await withToast();
    server.reply(TAKE, { status: 200, body: { assignee: { id: 'a1', name: 'Ana' } } });
    desktop.toastButton.fire(TOAST, 1);
    await saw(() => expect(paths()).toEqual(['/v1/conversations/c1/take', '/v1/conversations/c1/read']));
    expect(desktop.inFront()).toEqual([C1]);
    expect(desktop.titles()).toEqual([]);
  });

  test.each([
    ['somebody was faster', { id: 'a2', name: 'Ben' }, 'Ben was faster'],
    ['somebody without a visible name was faster', { id: 'a2', name: '\u3164' }, 'A colleague was faster'],
    ['the chat is closed', null, 'This chat is closed'],
  ])('says so when %s, and says it still after the toast is withdrawn', async (_name, assignee, title) => {
    const { desktop, server, saw, notify, stream } = await withToast();
    server.reply(TAKE, { status: 409, body: { assignee } });
    desktop.toastButton.fire(TOAST, 1);
    await saw(() => expect(desktop.titles()).toEqual([title]));
    expect(desktop.toast('outcome:c1')).toMatchObject({ message: 'Maria Silva' });
    await notify(stream, aNotification({ seq: 12, alertedSeq: 11, state: 'settled' }), 0);
    expect(desktop.titles()).toEqual([title]);
    expect(desktop.inFront()).toEqual([]);
  });

  test('says so when the server does not answer, and can be tried again', async () => {
    const { desktop, server, saw, notify, stream } = await withToast();
    server.reply(TAKE, { status: 503, body: { title: 'Service Unavailable' } });
    desktop.toastButton.fire(TOAST, 1);
    await saw(() => expect(desktop.titles()).toEqual(['The server does not answer. The chat is not taken yet.']));
    expect(desktop.toast(TOAST)?.buttons).toEqual([{ title: 'Open' }, { title: 'Take' }]);
    await notify(stream, aNotification({ seq: 12, alertedSeq: 11, state: 'settled' }), 0);
    expect(desktop.titles()).toEqual([]);
  });

  test('says so when the chat is no longer the agent’s to see', async () => {
    const { desktop, saw } = await withToast();
    desktop.toastButton.fire(TOAST, 1);
    await saw(() => expect(desktop.titles()).toEqual(['This chat is no longer yours to see']));
  });

  test('shows no name where none may be shown', async () => {
    const { desktop, server, saw, state } = await withToast();
    await state.device.setValue({ pausedUntil: null, preview: 'nothing' });
    server.reply(TAKE, { status: 409, body: { assignee: null } });
    desktop.toastButton.fire(TOAST, 1);
    await saw(() => expect(desktop.toast('outcome:c1')?.message).toBe('Converso'));
  });

  test('beside it, "Open" opens', async () => {
    const { desktop, saw, paths } = await withToast();
    desktop.toastButton.fire(TOAST, 0);
    await saw(() => expect(paths()).toEqual(['/v1/conversations/c1/read']));
    expect(desktop.inFront()).toEqual([C1]);
  });

  test('is not offered with an inbox of somebody else', async () => {
    const { desktop } = await withToast(aMe({ inbox: { ...INBOX, canTake: false } }));
    expect(desktop.toast(TOAST)?.buttons).toEqual([{ title: 'Open' }]);
  });
});

describe('a conversation that comes into view', () => {
  test.each([
    ['by the address of its tab', ({ browser }) => browser.tabs.onUpdated.trigger(100, { url: C1 }, {} as never)],
    ['by its tab', ({ browser }) => browser.tabs.onActivated.trigger({ tabId: 100, windowId: 1 })],
    ['by its window', ({ browser }) => browser.windows.onFocusChanged.trigger(1)],
  ] as [string, (all: Awaited<ReturnType<typeof withToast>>) => Promise<unknown>][])(
    '%s is read',
    async (_name, happens) => {
      const all = await withToast();
      all.desktop.open([C1], { focused: true });
      await happens(all);
      await all.saw(() => expect(all.paths()).toEqual(['/v1/conversations/c1/read']));
      expect(all.desktop.titles()).toEqual([]);
    },
  );

  test('and a message for it is read as it comes, without a toast', async () => {
    const { desktop, saw, paths, notify, stream, state } = await withToast();
    desktop.toasts.clear();
    desktop.open([C1], { focused: true });
    await notify(stream, aNotification({ seq: 12 }));
    await saw(() => expect(paths()).toEqual(['/v1/conversations/c1/read']));
    expect(desktop.titles()).toEqual([]);
    expect((await state.storedBell.getValue()).items[0]?.state).toBe('read');
  });

  test('is not read while another program is in front', async () => {
    const { desktop, notify, stream, paths, browser } = await withToast();
    desktop.open([C1]);
    await browser.tabs.onUpdated.trigger(100, { url: C1 }, {} as never);
    await notify(stream, aNotification({ seq: 12, conversationId: 'c2' }), 2);
    expect(paths()).toEqual([]);
  });
});

describe('a read that the server does not hear of', () => {
  const offline = async () => {
    const all = await withToast();
    all.server.reply(READ_C1, { status: 503, body: { title: 'Service Unavailable' } });
    all.desktop.toastClicked.fire(TOAST);
    await all.saw(async () =>
      expect(await all.state.pendingReads.getValue()).toEqual([{ conversationId: 'c1', upTo: 11 }]),
    );
    await all.saw(() => expect(all.paths()).toContain('/v1/conversations/c1/read'));
    all.server.reply(READ_C1, { status: 200, body: { unread: 0 } });
    const before = all.paths().length;
    all.stream.cut();
    await all.saw(async () => expect((await all.state.connectionRecord.getValue()).state).toBe('disconnected'));
    all.clock.advance(3_000);
    return { ...all, stream: await all.server.stream(), sent: () => all.paths().slice(before) };
  };

  test('is sent when it can be', async () => {
    const { carriedOut, stream, sent, saw, state } = await offline();
    await carriedOut(stream, 'caught_up', { unread: 1 }, 12);
    await saw(() => expect(sent()).toEqual(['/v1/conversations/c1/read']));
    await saw(async () => expect(await state.pendingReads.getValue()).toEqual([]));
  });

  test('is sent by the alarm where the stream went on and only the request failed', async () => {
    const { server, desktop, state, saw, browser, paths } = await withToast();
    server.reply(READ_C1, { status: 503, body: { title: 'Service Unavailable' } });
    desktop.toastClicked.fire(TOAST);
    await saw(async () => expect(await state.pendingReads.getValue()).toHaveLength(1));
    await saw(() => expect(paths()).toContain('/v1/conversations/c1/read'));
    server.reply(READ_C1, { status: 200, body: { unread: 0 } });
    const before = paths().length;
    await browser.alarms.onAlarm.trigger({ name: 'line', scheduledTime: 0, periodInMinutes: 0.5 } as never);
    await saw(async () => expect(await state.pendingReads.getValue()).toEqual([]));
    expect(paths().slice(before)).toEqual(['/v1/conversations/c1/read']);
  });

  test('is sent by the next worker where this one was stopped before the answer', async () => {
    const { start, server, state, saw, paths } = await withToast();
    await state.pendingReads.setValue([{ conversationId: 'c1', upTo: 11 }]);
    server.reply(READ_C1, { status: 200, body: { unread: 0 } });
    start();
    (await server.stream()).send('caught_up', { unread: 1 }, 12);
    await saw(() => expect(paths()).toContain('/v1/conversations/c1/read'));
    await saw(async () => expect(await state.pendingReads.getValue()).toEqual([]));
  });

  test('holds for what a snapshot says in the meantime', async () => {
    const { carriedOut, stream, state, desktop } = await offline();
    stream.send('snapshot', { me: aMe(), unread: 1, items: [aNotification({ seq: 11 })] }, 12);
    await carriedOut(stream, 'caught_up', { unread: 1 }, 12);
    expect((await state.storedBell.getValue()).items[0]?.state).toBe('read');
    expect(await desktop.badge()).toBe('');
  });

  test('a read is dropped when the customer wrote again, and the news is shown', async () => {
    const { carriedOut, stream, sent, desktop, state, saw } = await offline();
    desktop.focus(null);
    stream.send('notification', { ...aNotification({ seq: 12 }), unread: 1 }, 12);
    await carriedOut(stream, 'caught_up', { unread: 1 }, 12);
    expect(desktop.titles()).toEqual(['Maria Silva']);
    await saw(async () => expect(await state.pendingReads.getValue()).toEqual([]));
    expect(sent()).toEqual([]);
  });
});

describe('from the popup', () => {
  test('a conversation is opened', async () => {
    const { desktop } = await withToast();
    await sendMessage('openConversation', 'c1');
    expect(desktop.inFront()).toEqual([C1]);
    expect(desktop.titles()).toEqual([]);
  });

  test('the inbox is opened', async () => {
    const { desktop } = await withToast();
    await sendMessage('openInbox');
    expect(desktop.inFront()).toEqual([INBOX.url]);
  });

  test('everything that is listed is read, and nothing that came since', async () => {
    const { desktop, server, state } = await withToast();
    server.reply('POST /v1/notifications/read', { status: 200, body: { unread: 0 } });
    expect(await sendMessage('markAllRead')).toMatchObject({ ok: true });
    expect(server.requests.at(-1)?.body).toEqual({ all: true, upTo: 11 });
    expect((await state.storedBell.getValue()).unread).toBe(0);
    expect(desktop.titles()).toEqual([]);
  });

  test('everything is read without the server, too, and the server learns it later', async () => {
    const { server, state } = await withToast();
    server.reply('POST /v1/notifications/read', { status: 503, body: {} });
    expect(await sendMessage('markAllRead')).toEqual({ ok: true });
    expect(await state.pendingReads.getValue()).toEqual([{ upTo: 11 }]);
  });
});
