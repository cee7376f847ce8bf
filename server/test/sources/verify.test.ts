import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatwoot } from '../../src/sources/chatwoot/source.ts';
import { meta } from '../../src/sources/meta/source.ts';
import type { Incoming } from '../../src/sources/source.ts';
import { twilio } from '../../src/sources/twilio/source.ts';
import { conversation, SECRET, webhook } from './chatwoot-payloads.ts';
import { hmac, NOW, request, URL_OF_SOURCE } from './requests.ts';

/** The text with one character replaced by another. */
const oneChanged = (text: string, index: number): string => {
  const at = index % text.length;
  return text.slice(0, at) + (text[at] === 'x' ? 'y' : 'x') + text.slice(at + 1);
};

const withBody = (of: Incoming, body: string): Incoming => ({ ...of, body: Buffer.from(body) });

/** A body, header or secret in which any one character is another one. */
function refusesAnyChange(isGenuine: (change: (text: string) => string, what: string) => boolean, parts: string[]) {
  for (const what of parts) {
    expect(isGenuine((text) => text, what)).toBe(true);
    fc.assert(fc.property(fc.nat(5000), (index) => !isGenuine((text) => oneChanged(text, index), what)));
  }
}

describe('a request of Chatwoot', () => {
  const settings = chatwoot.settings.parse({ url: 'https://desk.acme.example', account: 3 });
  const payload = { ...conversation(), event: 'conversation_updated' };
  const verify = (of: Incoming, secrets = [SECRET], now = NOW, with_ = settings) =>
    chatwoot.verify(of, { settings: with_, secrets: { token: [], webhook: secrets }, now });

  test('is refused after one changed character of body, secret, signature or time', () => {
    const genuine = webhook(payload);
    const header = (name: string, change: (text: string) => string) => {
      const headers = new Headers(genuine.headers);
      headers.set(name, change(headers.get(name)!));
      return { ...genuine, headers };
    };
    refusesAnyChange(
      (change, what) => {
        if (what === 'secret') return verify(genuine, [change(SECRET)]) === 'genuine';
        const changed = what === 'body' ? withBody(genuine, change(genuine.body.toString())) : header(what, change);
        return verify(changed) === 'genuine';
      },
      ['body', 'secret', 'x-chatwoot-signature', 'x-chatwoot-timestamp'],
    );
  });

  test('is taken with the former secret too', () => {
    expect(verify(webhook(payload), ['new', SECRET])).toBe('genuine');
  });

  test.each([
    [5 * 60 * 1000, 'genuine'],
    [5 * 60 * 1000 + 1000, 'stale'],
    [-5 * 60 * 1000 - 1000, 'stale'],
  ])('signed %i ms ago is %s', (age, expected) => {
    expect(verify(webhook(payload), [SECRET], NOW + age)).toBe(expected);
  });

  test('without a signature is taken only where the operator allows it', () => {
    const bare = request(JSON.stringify(payload));
    expect([verify(bare), verify(bare, [], NOW, { ...settings, unsigned: true })]).toEqual(['unsigned', 'genuine']);
  });

  test('with a wrong signature is refused also where unsigned ones are allowed', () => {
    expect(verify(webhook(payload, { secret: 'guessed' }), [SECRET], NOW, { ...settings, unsigned: true })).toBe(
      'wrong',
    );
  });

  test('signed with an empty secret is refused', () => {
    expect(verify(webhook(payload, { secret: '' }), [''])).toBe('wrong');
  });
});

describe('a request of Twilio', () => {
  const TOKEN = 'f00dfeedf00dfeedf00dfeedf00dfeed';
  const verify = (of: Incoming, secrets = [TOKEN]) =>
    twilio.verify(of, { settings: SETTINGS, secrets: { token: secrets }, now: NOW });
  const SETTINGS = { account: `AC${'1'.repeat(32)}`, groupId: 'shop' };
  const signed = (text: string, of: Incoming, token = TOKEN): Incoming => {
    const headers = new Headers(of.headers);
    headers.set('x-twilio-signature', hmac('sha1', token, text, 'base64'));
    return { ...of, headers };
  };
  const FORM = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' };
  const form = (body: string, url = URL_OF_SOURCE) => request(body, FORM, url);

  test('is the documented example', () => {
    // https://www.twilio.com/docs/usage/webhooks/webhooks-security
    const body = 'CallSid=CA1234567890ABCDE&Caller=%2B12349013030&Digits=1234&From=%2B12349013030&To=%2B18005551212';
    const headers = { ...FORM, 'x-twilio-signature': '0/KCTR6DLpKmkAf8muzZqo1nDgQ=' };
    const documented = request(body, headers, 'https://mycompany.com/myapp.php?foo=1&bar=2');
    expect(verify(documented, ['12345'])).toBe('genuine');
  });

  test('is refused after one changed character of body, URL, secret or signature', () => {
    const url = `${URL_OF_SOURCE}?a=1`;
    const body = 'Body=hello&MessageSid=SM1';
    const genuine = signed(`${url}BodyhelloMessageSidSM1`, form(body, url));
    refusesAnyChange(
      (change, what) => {
        if (what === 'secret') return verify(genuine, [change(TOKEN)]) === 'genuine';
        if (what === 'url') return verify({ ...genuine, url: change(url) }) === 'genuine';
        if (what === 'body') return verify(withBody(genuine, change(body))) === 'genuine';
        const headers = new Headers(genuine.headers);
        headers.set('x-twilio-signature', change(headers.get('x-twilio-signature')!));
        return verify({ ...genuine, headers }) === 'genuine';
      },
      ['body', 'url', 'secret', 'signature'],
    );
  });

  test.each([
    ['names are sorted by their code units', 'b=2&B=1&a=3', 'B1a3b2'],
    ['values that repeat count once, in order', 'n=z&n=a&n=z', 'nanz'],
    ['a plus is a space and an encoded plus is a plus', 'From=%2B1&Body=a+b%20c', 'Bodya b cFrom+1'],
    ['empty and padded values count as they are', 'Body=&ProfileName=%20Nora%20', 'BodyProfileName Nora '],
    ['a value may hold any character', 'Body=%00%F0%9F%9A%B2', 'Body\u0000🚲'],
  ])('%s', (_, body, text) => {
    expect(verify(signed(URL_OF_SOURCE + text, form(body)))).toBe('genuine');
  });

  test.each([
    ['with the port that is meant anyway', 'https://alerts.acme.example:443/v1/sources/k'],
    ['without it', 'https://alerts.acme.example/v1/sources/k'],
  ])('may be signed for the URL %s', (_, url) => {
    const configured = ['https://alerts.acme.example/v1/sources/k', 'https://alerts.acme.example:443/v1/sources/k'];
    expect(configured.map((at) => verify(signed(`${url}a1`, form('a=1', at))))).toEqual(['genuine', 'genuine']);
  });

  test('may be signed for the URL with its query encoded the older way', () => {
    const body = form('a=1', `${URL_OF_SOURCE}?name=It's+open`);
    expect(verify(signed(`${URL_OF_SOURCE}?name=It's%20opena1`, body))).toBe('genuine');
  });

  test('is not signed for the fragment', () => {
    expect(verify(signed(`${URL_OF_SOURCE}a1`, form('a=1', `${URL_OF_SOURCE}#rc=5`)))).toBe('genuine');
  });

  test('is signed for the URL alone where it is a GET', () => {
    const url = `${URL_OF_SOURCE}?MessageSid=SM1&Body=`;
    expect(verify(signed(url, { ...request('', {}, url), method: 'GET' }))).toBe('genuine');
  });

  const jsonRequest = (body: string, hashed = body) => {
    const url = `${URL_OF_SOURCE}?bodySHA256=${createHash('sha256').update(hashed).digest('hex')}`;
    return signed(url, request(body, { 'content-type': 'application/json' }, url));
  };

  test('with JSON is signed by the hash in its URL', () => {
    expect(verify(jsonRequest('{"a":1}'))).toBe('genuine');
  });

  test('with another JSON than the signed one is refused', () => {
    expect(verify(jsonRequest('{"a":2}', '{"a":1}'))).toBe('wrong');
  });

  test('with JSON and no hash is refused, although its URL is signed', () => {
    expect(verify(signed(URL_OF_SOURCE, request('{"a":1}', { 'content-type': 'application/json' })))).toBe('wrong');
  });

  test('with a form in place of the JSON that was signed is refused', () => {
    const { url, headers } = jsonRequest('{"a":1}');
    headers.set('content-type', 'application/x-www-form-urlencoded');
    expect(verify({ method: 'POST', url, headers, body: Buffer.alloc(0) })).toBe('wrong');
  });

  test('with an empty signature, or one of an empty token, is refused', () => {
    const empty = request('a=1', { ...FORM, 'x-twilio-signature': '' });
    const ofEmptyToken = signed(`${URL_OF_SOURCE}a1`, form('a=1'), '');
    expect([verify(empty, ['']), verify(ofEmptyToken, ['', TOKEN])]).toEqual(['unsigned', 'wrong']);
  });

  test('is taken with either token while one is being promoted', () => {
    expect(verify(signed(`${URL_OF_SOURCE}a1`, form('a=1')), ['promoted', TOKEN])).toBe('genuine');
  });

  test('signed another way is refused as unsupported', () => {
    const settingsHeader = { 'x-twilio-webhooks-signature-settings': 'key=k1,algorithm=HMAC_SHA256' };
    expect(verify(request('a=1', { ...FORM, ...settingsHeader }))).toBe('unsupported');
  });
});

describe('a request of Meta', () => {
  const secrets = { app: ['app-secret', 'former-app-secret'], token: [], verify: ['made-here'] };
  const settings = meta.settings.parse({ numbers: [{ id: '1', groupId: 'shop' }], businessAccount: '2' });
  const body = '{"object":"whatsapp_business_account","entry":[]}';
  const signed = (secret: string) =>
    request(body, { 'x-hub-signature-256': `sha256=${hmac('sha256', secret, body, 'hex')}` });
  const verify = (of: Incoming, app = secrets.app) =>
    meta.verify(of, { settings, secrets: { ...secrets, app }, now: NOW });

  test('is refused after one changed character of body, secret or signature', () => {
    const genuine = signed('app-secret');
    refusesAnyChange(
      (change, what) => {
        if (what === 'secret') return verify(genuine, [change('app-secret')]) === 'genuine';
        if (what === 'body') return verify(withBody(genuine, change(body))) === 'genuine';
        const signature = change(genuine.headers.get('x-hub-signature-256')!);
        return verify(request(body, { 'x-hub-signature-256': signature })) === 'genuine';
      },
      ['body', 'secret', 'signature'],
    );
  });

  test('is taken with the former secret, and refused without a signature or with that of an empty secret', () => {
    const verdicts = [verify(signed('former-app-secret')), verify(request(body)), verify(signed(''), [''])];
    expect(verdicts).toEqual(['genuine', 'unsigned', 'wrong']);
  });

  test.each([
    [
      'with our token is answered with its challenge',
      'hub.mode=subscribe&hub.challenge=4711&hub.verify_token=made-here',
      '4711',
    ],
    ['with another token is not', 'hub.mode=subscribe&hub.challenge=4711&hub.verify_token=guessed', null],
    ['without a token is not', 'hub.mode=subscribe&hub.challenge=4711', null],
    ['with another mode is not', 'hub.mode=unsubscribe&hub.challenge=4711&hub.verify_token=made-here', null],
  ])('that asks whether we are here %s', (_, query, expected) => {
    const asking = { ...request('', {}, `${URL_OF_SOURCE}?${query}`), method: 'GET' };
    expect(meta.greet?.(asking, secrets)).toBe(expected);
  });

  test('that is an event is no greeting', () => {
    const url = `${URL_OF_SOURCE}?hub.mode=subscribe&hub.challenge=4711&hub.verify_token=made-here`;
    expect(meta.greet?.(request(body, {}, url), secrets)).toBe(null);
  });
});
