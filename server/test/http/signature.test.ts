import { afterEach, describe, expect, test, vi } from 'vitest';
import { isSigned, sign } from '../../src/services/signature.ts';

/** From the tests of standard-webhooks (libraries/javascript/src/webhook.test.ts, MIT). */
const VECTOR = {
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
  'webhook-timestamp': '1614265330',
  payload: '{"test": 2432232314}',
  'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};
const WRONG = 'v1,Ceo5qEr07ixe2NLpvHk3FH9bwy/WavXrAFQ/9tdO6mc=';
const AT_S = Number(VECTOR['webhook-timestamp']);

/** Checks the vector with some of it changed, at the moment it was signed or so many seconds after. */
function check(changes: Partial<typeof VECTOR> = {}, secondsAfter = 0): boolean {
  const { secret, payload, ...headers } = { ...VECTOR, ...changes };
  vi.useFakeTimers({ now: (AT_S + secondsAfter) * 1000, toFake: ['Date'] });
  return isSigned(Buffer.from(payload), headers, [secret]);
}
afterEach(() => {
  vi.useRealTimers();
});

describe('a signature is right', () => {
  test('as in the official vector', () => expect(check()).toBe(true));
  test('with a secret that lacks the prefix', () =>
    expect(check({ secret: VECTOR.secret.slice('whsec_'.length) })).toBe(true));
  test('in a list with wrong ones and other versions', () =>
    expect(check({ 'webhook-signature': `${WRONG} v2,x ${VECTOR['webhook-signature']}` })).toBe(true));
  test.each([300, -300])('when it is %i seconds off', (seconds) => expect(check({}, seconds)).toBe(true));
  test('over an empty body', () => {
    const headers = sign(VECTOR.secret, 'msg_1', new Date(AT_S * 1000), '');
    expect(check({ payload: '', ...headers })).toBe(true);
  });
  test('when it was made with the secret that is being replaced', () => {
    const { secret, payload, ...headers } = VECTOR;
    vi.useFakeTimers({ now: AT_S * 1000, toFake: ['Date'] });
    expect(isSigned(Buffer.from(payload), headers, ['whsec_bmV3IHNlY3JldA==', secret])).toBe(true);
  });
  test('as we make it', () => {
    const at = new Date(AT_S * 1000);
    expect(sign(VECTOR.secret, VECTOR['webhook-id'], at, VECTOR.payload)).toEqual({
      'webhook-id': VECTOR['webhook-id'],
      'webhook-timestamp': VECTOR['webhook-timestamp'],
      'webhook-signature': VECTOR['webhook-signature'],
    });
  });
});

describe('a signature is wrong', () => {
  test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const)('without %s', (name) =>
    expect(check({ [name]: undefined })).toBe(false),
  );
  test.each([301, -301])('when it is %i seconds off', (seconds) => expect(check({}, seconds)).toBe(false));
  test.each(['hello', ''])('with the timestamp %j', (timestamp) =>
    expect(check({ 'webhook-timestamp': timestamp })).toBe(false),
  );
  test.each([
    WRONG,
    'v1,dawfeoifkpqwoekfpqoekf',
    VECTOR['webhook-signature'].slice(0, 11),
    'v1,',
    'v1',
    '',
    VECTOR['webhook-signature'].replace('v1', 'v2'),
  ])('when it is %j', (signature) => expect(check({ 'webhook-signature': signature })).toBe(false));
  test('for another body', () => expect(check({ payload: `${VECTOR.payload} ` })).toBe(false));
  test('for another id', () => expect(check({ 'webhook-id': 'msg_2' })).toBe(false));
  test('for another secret', () => expect(check({ secret: 'whsec_bmV3IHNlY3JldA==' })).toBe(false));
  test.each(['', 'whsec_'])('and an empty secret %j holds for nothing', (secret) =>
    expect(() => check({ secret })).toThrow(),
  );
});
