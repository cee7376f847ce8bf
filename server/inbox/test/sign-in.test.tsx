// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { conversation, FakeServer, FakeStream, notification } from './fake-server.ts';
import { button, closePage, openPage } from './page.tsx';

let server: FakeServer;
beforeEach(() => {
  server = new FakeServer();
  server.signedIn = false;
  server.conversations = [conversation('c/1')];
});
afterEach(closePage);

async function askForCode(email = 'ana@example.com') {
  fireEvent.input(await screen.findByLabelText('Your work email'), { target: { value: email } });
  fireEvent.submit((await button('Send me a code')).closest('form')!);
  return screen.findByLabelText('The six digits of the email');
}

const paste = (field: HTMLElement, text: string) => fireEvent.input(field, { target: { value: text } });

describe('a signed-out visitor', () => {
  test('stays at the address and sees the chat there after signing in', async () => {
    openPage(server, '/inbox/c%2F1');
    const field = await askForCode();
    expect(location.pathname).toBe('/inbox/c%2F1');
    paste(field, '123 456');
    expect(await screen.findByRole('heading', { name: 'Customer c/1' })).toBeTruthy();
    expect(location.pathname).toBe('/inbox/c%2F1');
    expect(server.asked.find(({ path }) => path === '/auth/session')?.body).toMatchObject({
      email: 'ana@example.com',
      code: '123456',
      challenge: 'c1',
    });
  });

  test.each(['١٢٣٤٥٦', '۱۲۳۴۵۶', '１２３４５６'])('may type the code as %s', async (code) => {
    openPage(server);
    paste(await askForCode(), code);
    await screen.findByRole('navigation', { name: 'Views' });
    expect(server.asked.find(({ path }) => path === '/auth/session')?.body).toMatchObject({ code: '123456' });
  });

  test('is told of a wrong code and may try again', async () => {
    openPage(server);
    const field = await askForCode();
    server.answers.set('POST /auth/session', { status: 401, body: { title: 'no', status: 401 } });
    paste(field, '000000');
    expect((await screen.findByText(/That code is not right/)).getAttribute('role')).toBe('alert');
    server.answers.clear();
    paste(field, '123456');
    expect(await screen.findByRole('navigation', { name: 'Views' })).toBeTruthy();
  });

  test('chooses among several businesses, and the same code holds', async () => {
    openPage(server);
    const field = await askForCode();
    const businesses = [
      { id: 'b1', name: 'Harbour Bikes' },
      { id: 'b2', name: 'Hill Bikes' },
    ];
    server.answers.set('POST /auth/session', { status: 409, body: { title: 'several', status: 409, businesses } });
    paste(field, '123456');
    const choice = await button('Hill Bikes');
    server.answers.clear();
    fireEvent.click(choice);
    await screen.findByRole('navigation', { name: 'Views' });
    expect(server.asked.filter(({ path }) => path === '/auth/session').at(-1)?.body).toMatchObject({
      code: '123456',
      challenge: 'c1',
      businessId: 'b2',
    });
  });

  test('gives the code back with the challenge of the latest request', async () => {
    openPage(server);
    const field = await askForCode();
    server.answers.set('POST /auth/code', { status: 202, body: { challenge: 'c2' } });
    fireEvent.click(await button('Send another code'));
    await waitFor(() => expect(server.times('POST', '/auth/code')).toBe(2));
    // Free for the next request once this one is answered.
    await waitFor(async () => expect((await button('Use another email')).hasAttribute('disabled')).toBe(false));
    paste(field, '123456');
    await screen.findByRole('navigation', { name: 'Views' });
    expect(server.asked.find(({ path }) => path === '/auth/session')?.body).toMatchObject({ challenge: 'c2' });
  });

  test('can tell businesses of one name apart by their ids', async () => {
    openPage(server);
    const field = await askForCode();
    const businesses = [
      { id: 'b1', name: 'Hill Bikes' },
      { id: 'b2', name: 'Hill Bikes' },
      { id: 'b3', name: 'Harbour Bikes' },
    ];
    server.answers.set('POST /auth/session', { status: 409, body: { title: 'several', status: 409, businesses } });
    paste(field, '123456');
    const choice = await screen.findByRole('group', { name: 'Choose a business' });
    const names = [...choice.querySelectorAll('button')].map(({ textContent }) => textContent);
    expect(names).toEqual(['Hill Bikesb1', 'Hill Bikesb2', 'Harbour Bikes']);
  });

  test('learns how long to wait after too many tries', async () => {
    openPage(server);
    const headers = { 'retry-after': '540' };
    server.answers.set('POST /auth/code', { status: 429, body: { title: 'too many', status: 429 }, headers });
    fireEvent.input(await screen.findByLabelText('Your work email'), { target: { value: 'a@b.example' } });
    fireEvent.submit((await button('Send me a code')).closest('form')!);
    expect(await screen.findByText(/wait 9 minutes/)).toBeTruthy();
  });

  test('learns that the server does not answer', async () => {
    openPage(server);
    await screen.findByLabelText('Your work email');
    server.online = false;
    fireEvent.input(screen.getByLabelText('Your work email'), { target: { value: 'a@b.example' } });
    fireEvent.submit((await button('Send me a code')).closest('form')!);
    expect(await screen.findByText(/The server does not answer/)).toBeTruthy();
  });
});

describe('a server that asks for an hour of rest', () => {
  beforeEach(() => {
    server.signedIn = true;
    const headers = { 'retry-after': '3600' };
    server.answers.set('GET /me', { status: 503, body: { title: 'Busy', status: 503 }, headers });
  });
  afterEach(() => void vi.useRealTimers());

  test('is asked again at once by "Try again"', async () => {
    openPage(server);
    const again = await button('Try again');
    server.answers.clear();
    fireEvent.click(again);
    expect(await screen.findByRole('navigation', { name: 'Views' })).toBeTruthy();
  });

  test('is asked again after five minutes, by one timer however often somebody looked', async () => {
    vi.useFakeTimers();
    openPage(server);
    await vi.advanceTimersByTimeAsync(0);
    const again = screen.getByRole('button', { name: 'Try again' });
    for (let press = 0; press < 3; press++) {
      fireEvent.click(again);
      await vi.advanceTimersByTimeAsync(0);
    }
    expect(server.times('GET', '/me')).toBe(4);
    await vi.advanceTimersByTimeAsync(300_000);
    expect(server.times('GET', '/me')).toBe(5);
  });
});

describe('the cookie is the browser’s', () => {
  const look = () => document.dispatchEvent(new Event('visibilitychange'));
  const away = async () => {
    const hidden = vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    look();
    hidden.mockRestore();
  };

  test('a tab that asks for sign-in is signed in when another tab was', async () => {
    openPage(server);
    await screen.findByLabelText('Your work email');
    await away();
    server.signedIn = true;
    look();
    expect(await screen.findByRole('navigation', { name: 'Views' })).toBeTruthy();
  });

  test('a tab of one agent shows nothing of theirs when another agent has signed in elsewhere', async () => {
    server.signedIn = true;
    openPage(server);
    await waitFor(() => expect(FakeStream.opened).toHaveLength(1));
    server.snapshot([notification('n1', 'c/1', 9)]);
    await button('Notifications, 1 unread');
    await away();
    server.me = { ...server.me, agent: { ...server.me.agent, id: 'ben', name: 'Ben Brook' } };
    look();
    expect(await button(/Ben Brook/)).toBeTruthy();
    expect(await button('Notifications')).toBeTruthy();
    expect(server.stream.url).not.toContain('cursor');
  });
});

describe('a session that ends', () => {
  beforeEach(() => {
    server.signedIn = true;
  });

  test('shows the sign-in at the same address, and nothing of before', async () => {
    openPage(server, '/inbox/c%2F1');
    await screen.findByRole('heading', { name: 'Customer c/1' });
    server.stream.send('goodbye', { reason: 'signed_out' });
    expect(await screen.findByLabelText('Your work email')).toBeTruthy();
    expect(location.pathname).toBe('/inbox/c%2F1');
    expect(screen.queryByText('Hello from c/1')).toBeNull();
    expect(server.stream.readyState).toBe(2);
  });

  test('is noticed by any request that answers 401', async () => {
    openPage(server, '/inbox/c%2F1');
    const take = await button('Take');
    server.signedIn = false;
    fireEvent.click(take);
    expect(await screen.findByLabelText('Your work email')).toBeTruthy();
  });

  test('ends by signing out under the login name', async () => {
    openPage(server);
    server.answers.set('DELETE /auth/token', { status: 204 });
    fireEvent.click(await button(/Ana Alvarez/));
    fireEvent.click(await button('Sign out'));
    expect(await screen.findByLabelText('Your work email')).toBeTruthy();
    await waitFor(() => expect(server.times('DELETE', '/auth/token')).toBe(1));
  });
});
