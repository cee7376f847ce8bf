import { cleanup, fireEvent, render, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { readPolicy } from '../../entrypoints/welcome/policy.ts';
import { Welcome } from '../../entrypoints/welcome/welcome.tsx';
import { readStored } from '../../pages/stored.ts';
import { account, inboxRefusal, NO_BELL, type SignInDraft, signInDraft, storedBell, toastHealth } from '../../state.ts';
import { startBrowser } from './browser.ts';
import { ANA, signedIn } from './stored.ts';

const BUILD_SERVER = 'http://localhost:8787';
const EMAIL = 'ana@bluebird.example';
const draft = (changes: Partial<SignInDraft> = {}): SignInDraft => ({
  server: BUILD_SERVER,
  email: EMAIL,
  codeSentAt: Date.now(),
  challenge: 'c0',
  ...changes,
});

let browser: ReturnType<typeof startBrowser>;
beforeEach(() => {
  vi.stubGlobal('__SERVER_URL__', BUILD_SERVER);
  browser = startBrowser({ requestCode: { ok: true, challenge: 'c1' }, signIn: { ok: true, agent: ANA.agent } });
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

/** As the entrypoint does it. */
async function open() {
  const [first, kept, policy] = await Promise.all([readStored(), signInDraft.getValue(), readPolicy()]);
  const page = render(<Welcome first={first} draft={kept} policy={policy} />);
  const press = (name: string | RegExp) => fireEvent.click(page.getByRole('button', { name }));
  const type = (label: string, value: string) => fireEvent.input(page.getByLabelText(label), { target: { value } });
  return { ...page, press, type, alert: async () => (await page.findByRole('alert')).textContent };
}

const sent = (type: string) => browser.sent.filter((message) => message.type === type).map((message) => message.data);
const current = (container: Element) => container.querySelector('[aria-current="step"]')?.textContent;

describe('the email', () => {
  test('has the focus, and the server is out of sight', async () => {
    const { getByLabelText, queryByLabelText } = await open();
    expect(document.activeElement).toBe(getByLabelText('Work email'));
    expect(queryByLabelText('Server')).toBeNull();
  });

  test('is sent to the server of the build, without asking for permission; then comes the code', async () => {
    const { press, type, findByLabelText, container } = await open();
    type('Work email', ` ${EMAIL} `);
    press('Send me a code');
    const code = await findByLabelText('6-digit code');
    expect(document.activeElement).toBe(code);
    expect(current(container)).toBe('Code');
    expect(sent('requestCode')).toEqual([{ server: BUILD_SERVER, email: EMAIL }]);
    expect(browser.permissions.request).not.toHaveBeenCalled();
  });

  test('that is none is refused in words, with the focus back on it', async () => {
    const { press, type, alert, getByLabelText } = await open();
    type('Work email', 'ana at bluebird');
    press('Send me a code');
    expect(await alert()).toContain('Please enter your email address');
    const field = getByLabelText('Work email');
    expect(document.activeElement).toBe(field);
    expect(field.getAttribute('aria-invalid')).toBe('true');
    expect(sent('requestCode')).toEqual([]);
  });

  test('too many codes: when to try again', async () => {
    browser.answers.requestCode = { ok: false, error: 'too_many', retryAfterSeconds: 130 };
    const { press, type, alert } = await open();
    type('Work email', EMAIL);
    press('Send me a code');
    expect(await alert()).toBe('Too many tries. Try again in 3 minutes.');
  });

  test('a server that does not answer is named, and its field comes into sight', async () => {
    browser.answers.requestCode = { ok: false, error: 'unreachable' };
    const { press, type, alert, getByLabelText } = await open();
    type('Work email', EMAIL);
    press('Send me a code');
    expect(await alert()).toContain('localhost:8787 does not answer');
    expect(document.activeElement).toBe(getByLabelText('Server'));
  });

  test('a worker that cannot be reached is a failure, not a silence', async () => {
    browser.answers.requestCode = () => Promise.reject(new Error('worker is gone'));
    const { press, type, alert } = await open();
    type('Work email', EMAIL);
    press('Send me a code');
    expect(await alert()).toBe('That did not work: worker is gone');
  });
});

describe('another server', () => {
  const useServer = async (server: string) => {
    const page = await open();
    page.press('Use another server');
    await page.findByLabelText('Server');
    page.type('Work email', EMAIL);
    page.type('Server', server);
    page.press('Send me a code');
    return page;
  };

  test('is asked for as a permission of its whole host, before the code is', async () => {
    const { findByLabelText } = await useServer('chat.bluebird.example:8443/inbox');
    await findByLabelText('6-digit code');
    expect(browser.permissions.request).toHaveBeenCalledWith({ origins: ['https://chat.bluebird.example/*'] });
    expect(sent('requestCode')).toEqual([{ server: 'https://chat.bluebird.example:8443', email: EMAIL }]);
  });

  test('without the permission nothing is sent, and the page says what to press', async () => {
    browser.permissions.request.mockResolvedValue(false);
    const { alert } = await useServer('https://chat.bluebird.example');
    expect(await alert()).toContain('Chrome needs your permission to talk to chat.bluebird.example');
    expect(sent('requestCode')).toEqual([]);
  });

  test('that is no address is refused', async () => {
    const { alert } = await useServer('not a server');
    expect(await alert()).toContain('That is not a web address');
  });
});

describe('the administrator’s policy', () => {
  test('prefills the server', async () => {
    await fakeBrowser.storage.managed.set({ server: 'https://chat.bluebird.example' });
    const { press, type, findByLabelText } = await open();
    type('Work email', EMAIL);
    press('Send me a code');
    await findByLabelText('6-digit code');
    expect(sent('requestCode')).toEqual([{ server: 'https://chat.bluebird.example', email: EMAIL }]);
  });

  test('that locks the server leaves no other to choose, not even an earlier one', async () => {
    await fakeBrowser.storage.managed.set({ server: 'https://chat.bluebird.example', lockServer: true });
    await signInDraft.setValue(draft({ server: 'https://elsewhere.example', codeSentAt: null }));
    const { press, getByText, queryByRole, findByLabelText } = await open();
    expect(getByText('Your company has set the server, chat.bluebird.example.')).toBeTruthy();
    expect(queryByRole('button', { name: 'Use another server' })).toBeNull();
    press('Send me a code');
    await findByLabelText('6-digit code');
    expect(sent('requestCode')).toEqual([{ server: 'https://chat.bluebird.example', email: EMAIL }]);
  });
});

describe('closed between the steps', () => {
  test('it opens again at the code', async () => {
    await signInDraft.setValue(draft());
    const { getByLabelText, getByText } = await open();
    expect(getByLabelText('6-digit code')).toBeTruthy();
    expect(getByText(/ana@bluebird\.example/)).toBeTruthy();
  });

  test('after the code has expired it begins with the email, filled in', async () => {
    await signInDraft.setValue(draft({ codeSentAt: Date.now() - 5 * 60_000 }));
    const { getByLabelText } = await open();
    expect((getByLabelText('Work email') as HTMLInputElement).value).toBe(EMAIL);
  });

  test('what is typed is kept from the moment the code is sent', async () => {
    const { press, type, findByLabelText } = await open();
    type('Work email', EMAIL);
    press('Send me a code');
    await findByLabelText('6-digit code');
    expect(await signInDraft.getValue()).toMatchObject({ server: BUILD_SERVER, email: EMAIL, challenge: 'c1' });
  });
});

describe('the code', () => {
  beforeEach(() => signInDraft.setValue(draft()));

  test('signs in, forgets the draft and greets', async () => {
    browser.answers.signIn = async () => {
      await account.setValue({ server: BUILD_SERVER, token: 'token' });
      return { ok: true, agent: ANA.agent };
    };
    const { press, type, findByRole } = await open();
    type('6-digit code', '123456');
    press('Sign in');
    const heading = await findByRole('heading', { name: 'You’re set, Ana' });
    expect(document.activeElement).toBe(heading);
    expect(sent('signIn')).toEqual([{ server: BUILD_SERVER, email: EMAIL, code: '123456', challenge: 'c0' }]);
    expect(await signInDraft.getValue()).toBeNull();
  });

  test.each(['123456', ' 123 456 ', 'Your code is 123-456.', '١٢٣٤٥٦', '۱۲۳۴۵۶', '１２３４５６'])(
    'pasted as "%s" signs in at once',
    async (text) => {
      const { getByLabelText } = await open();
      const clipboardData = { getData: () => text };
      fireEvent.paste(getByLabelText('6-digit code'), { clipboardData });
      await waitFor(() =>
        expect(sent('signIn')).toEqual([{ server: BUILD_SERVER, email: EMAIL, code: '123456', challenge: 'c0' }]),
      );
    },
  );

  test('asks phones and managers of passwords for the right thing', async () => {
    const field = (await open()).getByLabelText('6-digit code');
    expect(field.getAttribute('autocomplete')).toBe('one-time-code');
    expect(field.getAttribute('inputmode')).toBe('numeric');
  });

  test('typed in Arabic digits shows and is sent in plain ones', async () => {
    const { press, type, getByLabelText } = await open();
    type('6-digit code', '١٢٣٤٥٦');
    expect((getByLabelText('6-digit code') as HTMLInputElement).value).toBe('123456');
    press('Sign in');
    await waitFor(() =>
      expect(sent('signIn')).toEqual([{ server: BUILD_SERVER, email: EMAIL, code: '123456', challenge: 'c0' }]),
    );
  });

  test('of fewer than six digits costs no attempt', async () => {
    const { press, type, alert } = await open();
    type('6-digit code', '12ab3');
    press('Sign in');
    expect(await alert()).toBe('The code has six digits.');
    expect(sent('signIn')).toEqual([]);
  });

  test('that is wrong is said each time anew, with the focus on the field', async () => {
    browser.answers.signIn = { ok: false, error: 'wrong_code' };
    const { press, type, alert, getByRole, getByLabelText } = await open();
    type('6-digit code', '000000');
    press('Sign in');
    expect(await alert()).toContain('That code is wrong or no longer valid');
    const before = getByRole('alert');
    press('Sign in');
    await waitFor(() => expect(getByRole('alert')).not.toBe(before));
    expect(document.activeElement).toBe(getByLabelText('6-digit code'));
  });

  test('can be asked for again after half a minute, and that is announced', async () => {
    await signInDraft.setValue(draft({ codeSentAt: Date.now() - 30_000 }));
    const { press, findByText, queryByRole } = await open();
    press('Send a new code');
    expect(await findByText('A new code is on its way. Only the newest one works.')).toBeTruthy();
    expect(sent('requestCode')).toEqual([{ server: BUILD_SERVER, email: EMAIL }]);
    await waitFor(() => expect(queryByRole('button', { name: 'Send a new code' })).toBeNull());
    expect(await signInDraft.getValue()).toMatchObject({ challenge: 'c1' });
  });

  test('of several businesses with one name shows their ids, and only there', async () => {
    const businesses = [
      { id: 'b1', name: 'Bluebird Travel' },
      { id: 'b2', name: 'bluebird  travel' },
      { id: 'b3', name: 'Redstart Tours' },
    ];
    browser.answers.signIn = { ok: false, error: 'choose_business', businesses };
    const { press, type, findByRole, getAllByRole } = await open();
    type('6-digit code', '123456');
    press('Sign in');
    await findByRole('heading', { name: 'Which business?' });
    const choices = getAllByRole('listitem')
      .map(({ textContent }) => textContent)
      .slice(-3);
    expect(choices).toEqual(['Bluebird Travelb1', 'bluebird  travelb2', 'Redstart Tours']);
  });

  test('cannot be asked for again before', async () => {
    await signInDraft.setValue(draft({ codeSentAt: Date.now() - 10_000 }));
    const { queryByRole, getByText } = await open();
    expect(queryByRole('button', { name: 'Send a new code' })).toBeNull();
    expect(getByText(/You can ask for a new code in (19|20) seconds/)).toBeTruthy();
  });

  test('can be asked for at once when the clock was set back since', async () => {
    await signInDraft.setValue(draft({ codeSentAt: Date.now() + 3_600_000 }));
    const { getByRole } = await open();
    expect(getByRole('button', { name: 'Send a new code' })).toBeTruthy();
  });

  test('for the wrong email: back, with the email kept', async () => {
    const { press, findByLabelText } = await open();
    press('Use a different email');
    expect(((await findByLabelText('Work email')) as HTMLInputElement).value).toBe(EMAIL);
  });

  test('of an email with several businesses leads to the choice, and the same code goes on', async () => {
    const businesses = [
      { id: 'b1', name: 'Bluebird Travel' },
      { id: 'b2', name: 'Redstart Tours' },
    ];
    browser.answers.signIn = (data: unknown) =>
      (data as { businessId?: string }).businessId
        ? { ok: true, agent: ANA.agent }
        : { ok: false, error: 'choose_business', businesses };
    const { press, type, findByRole } = await open();
    type('6-digit code', '123456');
    press('Sign in');
    const heading = await findByRole('heading', { name: 'Which business?' });
    expect(document.activeElement).toBe(heading);
    press('Redstart Tours');
    await waitFor(() => expect(sent('signIn')).toHaveLength(2));
    expect(sent('signIn')[1]).toEqual({
      server: BUILD_SERVER,
      email: EMAIL,
      code: '123456',
      challenge: 'c0',
      businessId: 'b2',
    });
  });
});

describe('signed in', () => {
  const signIn = (inboxUrl = ANA.inbox.url) => {
    const me = { ...ANA, inbox: { ...ANA.inbox, url: inboxUrl } };
    return Promise.all([account.setValue(signedIn().account), storedBell.setValue({ ...NO_BELL, me })]);
  };

  test('a test notification is announced as sent, with help for this computer at hand', async () => {
    await signIn();
    browser.answers.testNotification = { ok: true, permission: 'granted' };
    const { press, findByText } = await open();
    press('Send a test notification');
    expect(await findByText('Sent. It should be on your screen now.')).toBeTruthy();
    const help = (await findByText(/^macOS:/)).closest('details');
    expect(help?.querySelector('summary')?.textContent).toBe('If it does not show');
  });

  test('where notifications are blocked the help is open from the start', async () => {
    await signIn();
    await toastHealth.setValue({ permission: 'denied', lastToastAt: null });
    const { container, getByText } = await open();
    expect(getByText(/blocks notifications/)).toBeTruthy();
    expect(container.querySelector('#help')?.hasAttribute('open')).toBe(true);
  });

  test('an inbox on a host not granted is asked for by its own button', async () => {
    await signIn('https://app.converso.example/inbox');
    const { findByRole, findByText, queryByRole } = await open();
    fireEvent.click(await findByRole('button', { name: 'Allow app.converso.example' }));
    expect(await findByText('Thank you. The inbox is allowed.')).toBeTruthy();
    expect(browser.permissions.request).toHaveBeenCalledWith({ origins: ['https://app.converso.example/*'] });
    expect(queryByRole('button', { name: 'Allow app.converso.example' })).toBeNull();
  });

  test('the inboxes of sources are asked for one after the other', async () => {
    await signIn();
    const [first, second] = ['https://desk.example/app', 'https://help.example/app'];
    await inboxRefusal.setValue({ reason: 'not_granted', url: first });
    const { findByRole, queryByRole } = await open();
    // The worker looks again when a permission is given, and may be quicker than the browser's answer to the page.
    browser.permissions.request.mockImplementationOnce(async () => {
      await inboxRefusal.setValue({ reason: 'not_granted', url: second });
      await findByRole('button', { name: 'Allow help.example' });
      return true;
    });
    fireEvent.click(await findByRole('button', { name: 'Allow desk.example' }));
    fireEvent.click(await findByRole('button', { name: 'Allow help.example' }));
    await waitFor(() => expect(queryByRole('button', { name: 'Allow help.example' })).toBeNull());
    expect(browser.permissions.request.mock.calls).toEqual([
      [{ origins: ['https://desk.example/*'] }],
      [{ origins: ['https://help.example/*'] }],
    ]);
  });

  test('refused, it says what that means and can be asked again', async () => {
    browser.permissions.request.mockResolvedValue(false);
    await signIn('https://app.converso.example/inbox');
    const { findByRole, findByText, getByRole } = await open();
    fireEvent.click(await findByRole('button', { name: 'Allow app.converso.example' }));
    expect(await findByText(/^Not allowed\./)).toBeTruthy();
    expect(getByRole('button', { name: 'Allow app.converso.example' })).toBeTruthy();
  });

  test.each([
    ['not_web', 'javascript:alert(1)', /address that is no web page/],
    ['no_address', 'nonsense', /address that is no web page/],
    ['plain_http', 'http://inbox.example/inbox', /not encrypted/],
  ] as const)('an inbox that may never be opened (%s) is named, and not asked for', async (reason, url, words) => {
    await signIn(url);
    await inboxRefusal.setValue({ reason, url });
    const { findByText, getByText, queryByRole } = await open();
    expect(await findByText(words)).toBeTruthy();
    expect(getByText(url)).toBeTruthy();
    expect(queryByRole('button', { name: /^Allow/ })).toBeNull();
    // It would only lead to this page once more.
    expect(queryByRole('button', { name: 'Open the inbox' })).toBeNull();
  });

  test('an inbox that is no address does no harm before the worker has said so', async () => {
    await signIn('nonsense');
    const { findByRole } = await open();
    expect(await findByRole('heading', { name: 'Keep the bell in sight' })).toBeTruthy();
  });

  test('an inbox that is granted is not mentioned', async () => {
    browser.granted.add('http://localhost/*');
    await signIn();
    const { findByRole, queryByRole } = await open();
    // The hint to pin comes from the same kind of question, so by then this one is answered too.
    await findByRole('heading', { name: 'Keep the bell in sight' });
    expect(browser.permissions.contains).toHaveBeenCalledWith({ origins: ['http://localhost/*'] });
    expect(queryByRole('heading', { name: 'Allow Converso’s inbox' })).toBeNull();
  });

  test('somebody else can sign out', async () => {
    await signIn();
    browser.answers.signOut = () => account.setValue(null);
    const { press, findByLabelText } = await open();
    press('Not you? Sign out');
    expect(await findByLabelText('Work email')).toBeTruthy();
  });
});
