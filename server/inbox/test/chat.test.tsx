// @vitest-environment happy-dom
import { fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { conversation, FakeServer } from './fake-server.ts';
import { button, closePage, openPage } from './page.tsx';

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
});
afterEach(closePage);

const act = async (name: string | RegExp) => fireEvent.click(await button(name));
const last = (path: string) => server.asked.filter((asked) => asked.path === path).at(-1);

describe('take', () => {
  test('is offered where nobody or the assistant has the chat, and shows the result', async () => {
    server.conversations = [conversation('c1', { assignee: { kind: 'assistant' } })];
    openPage(server, '/inbox/c1');
    const take = await button('Take');
    server.conversations = [conversation('c1', { assignee: { kind: 'agent', id: 'ana', name: 'Ana Alvarez' } })];
    fireEvent.click(take);
    expect(await screen.findByText('Your chat')).toBeTruthy();
    expect(screen.queryByRole('button', { name: 'Take' })).toBeNull();
  });

  test('says who was faster', async () => {
    server.conversations = [conversation('c1')];
    openPage(server, '/inbox/c1');
    const take = await button('Take');
    const assignee = { id: 'ben', name: 'Ben Brook' };
    server.answers.set('POST /conversations/c1/take', { status: 409, body: { title: 'taken', status: 409, assignee } });
    server.conversations = [conversation('c1', { assignee: { kind: 'agent', ...assignee } })];
    fireEvent.click(take);
    expect(await screen.findByText('Ben Brook was faster and has this chat now.')).toBeTruthy();
    expect(await screen.findByText('Ben Brook has this chat')).toBeTruthy();
  });

  test('says that the chat was closed meanwhile', async () => {
    server.conversations = [conversation('c1')];
    openPage(server, '/inbox/c1');
    const take = await button('Take');
    server.answers.set('POST /conversations/c1/take', {
      status: 409,
      body: { title: 'x', status: 409, assignee: null },
    });
    fireEvent.click(take);
    expect(await screen.findByText('This chat has been closed in the meantime.')).toBeTruthy();
  });

  test('is not offered, nor any other act, where the conversations are dealt with elsewhere', async () => {
    server.me = { ...server.me, inbox: { ...server.me.inbox, canTake: false } };
    server.conversations = [conversation('c1')];
    openPage(server, '/inbox/c1');
    await screen.findByRole('heading', { name: 'Customer c1' });
    expect(screen.queryByRole('group', { name: 'Actions' })).toBeNull();
  });

  test('is not offered for a chat of a source that has an inbox of its own', async () => {
    const chatwoot = { source: 'cw', url: 'http://y', conversationUrls: ['http://y/{conversationId}'] };
    server.me = { ...server.me, inboxes: [{ ...chatwoot, canTake: false, canReply: false }] };
    server.conversations = [conversation('cw:42', { source: 'cw', ref: '42' })];
    openPage(server, '/inbox/cw:42');
    await screen.findByRole('heading', { name: 'Customer cw:42' });
    expect(screen.queryByRole('group', { name: 'Actions' })).toBeNull();
  });
});

describe('other acts', () => {
  test('assigning to a colleague, to the assistant, and back to the team', async () => {
    server.conversations = [conversation('c1', { assignee: { kind: 'agent', id: 'ana', name: 'Ana Alvarez' } })];
    openPage(server, '/inbox/c1');
    for (const [name, assignee] of [
      ['Ben Brook', { agentId: 'ben' }],
      ['Hand back to the assistant', { assistant: true }],
      ['Give back to the team', null],
    ] as const) {
      await waitFor(async () => expect((await button(/^Assign/)).hasAttribute('disabled')).toBe(false));
      await act(/^Assign/);
      fireEvent.click(await screen.findByRole('menuitem', { name }));
      await waitFor(() => expect(last('/conversations/c1/assign')?.body).toEqual({ assignee }));
    }
  });

  test('"No reply needed" is offered only while the customer waits', async () => {
    server.conversations = [conversation('c1', { waitingSince: '2026-11-23T08:00:00.000Z' })];
    openPage(server, '/inbox/c1');
    const needless = await button('No reply needed');
    server.conversations = [conversation('c1')];
    fireEvent.click(needless);
    await waitFor(() => expect(screen.queryByRole('button', { name: 'No reply needed' })).toBeNull());
    expect(server.times('POST', '/conversations/c1/no-reply-needed')).toBe(1);
  });

  test('closing offers reopening, and no reply box', async () => {
    server.conversations = [conversation('c1')];
    openPage(server, '/inbox/c1');
    const close = await button('Close');
    server.conversations = [conversation('c1', { status: 'closed' })];
    fireEvent.click(close);
    expect(await button('Reopen')).toBeTruthy();
    expect(screen.queryByRole('textbox')).toBeNull();
  });
});

describe('the reply box', () => {
  const box = (name = 'Reply to Customer c1') => screen.findByRole<HTMLTextAreaElement>('textbox', { name });
  const type = (field: HTMLElement, value: string) => fireEvent.input(field, { target: { value } });

  test('sends with Enter, once, and is empty afterwards', async () => {
    server.conversations = [conversation('c1')];
    openPage(server, '/inbox/c1');
    const field = await box();
    type(field, '  On its way!  ');
    fireEvent.keyDown(field, { key: 'Enter' });
    fireEvent.keyDown(field, { key: 'Enter' });
    await waitFor(() => expect(field.value).toBe(''));
    expect(last('/conversations/c1/reply')?.body).toEqual({ text: 'On its way!' });
    expect(server.times('POST', '/conversations/c1/reply')).toBe(1);
  });

  test('does not send with Shift and Enter, nor while a character is being composed', async () => {
    server.conversations = [conversation('c1')];
    openPage(server, '/inbox/c1');
    const field = await box();
    type(field, 'に');
    fireEvent.keyDown(field, { key: 'Enter', shiftKey: true });
    fireEvent.keyDown(field, { key: 'Enter', isComposing: true });
    expect(server.times('POST', '/conversations/c1/reply')).toBe(0);
  });

  test('sends a private note as one', async () => {
    server.conversations = [conversation('c1')];
    openPage(server, '/inbox/c1');
    type(await box(), 'He called before');
    fireEvent.click(screen.getByRole('checkbox', { name: 'Private note' }));
    fireEvent.click(await button('Add note'));
    await waitFor(() =>
      expect(last('/conversations/c1/reply')?.body).toEqual({ text: 'He called before', private: true }),
    );
  });

  test('keeps what was typed for each chat, across chats and after coming back', async () => {
    server.conversations = [conversation('c1'), conversation('c2')];
    openPage(server, '/inbox/c1');
    type(await box(), 'half a sent');
    fireEvent.click(await screen.findByRole('link', { name: /Customer c2/ }));
    expect((await box('Reply to Customer c2')).value).toBe('');
    fireEvent.click(await screen.findByRole('link', { name: /Customer c1/ }));
    expect((await box()).value).toBe('half a sent');
  });

  test('keeps what was typed when it could not be sent', async () => {
    server.conversations = [conversation('c1')];
    openPage(server, '/inbox/c1');
    const field = await box();
    type(field, 'On its way!');
    server.online = false;
    fireEvent.click(await button('Send'));
    expect(await screen.findByText(/No connection to the server/)).toBeTruthy();
    expect(field.value).toBe('On its way!');
  });

  test('is not there where nothing would deliver the reply, and says so', async () => {
    server.canReply = false;
    server.conversations = [conversation('c1')];
    openPage(server, '/inbox/c1');
    expect(await screen.findByText(/nothing would\s+deliver/)).toBeTruthy();
    expect(screen.queryByRole('textbox')).toBeNull();
  });
});

describe('the thread', () => {
  test('shows a hostile text as the text it is', async () => {
    const text = '<img src=x onerror="alert(1)"> <script>alert(2)</script>';
    const [entry] = conversation('c1').entries;
    server.conversations = [
      conversation('c1', { customer: { kind: 'guest', name: text, address: null }, entries: [{ ...entry!, text }] }),
    ];
    openPage(server, '/inbox/c1');
    const log = await screen.findByRole('log');
    expect(within(log).getAllByText(text)).toHaveLength(2);
    expect(document.querySelector('img, script')).toBeNull();
  });

  test('of a conversation that is not the agent’s says so', async () => {
    openPage(server, '/inbox/nowhere');
    expect(await screen.findByText('This chat is not here')).toBeTruthy();
    await act('Back to the list');
    expect(location.pathname).toBe('/inbox');
  });
});
