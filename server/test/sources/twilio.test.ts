import { describe, expect, test } from 'vitest';
import { withPerson } from '../../src/sources/person.ts';
import type { Outgoing } from '../../src/sources/source.ts';
import { twilio } from '../../src/sources/twilio/source.ts';
import { contextOf, inWords, request, URL_OF_SOURCE } from './requests.ts';

const settings = twilio.settings.parse({ account: `AC${'1'.repeat(32)}`, groupId: 'shop' });
const context = contextOf('sms', settings);
const SID = `SM${'7'.repeat(32)}`;

/** A message as Twilio posts it; an empty text is a field that came empty. */
const form = (fields: Record<string, string>) =>
  request(new URLSearchParams(fields).toString(), {
    'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
  });
const text = {
  ToCountry: 'US',
  MessageSid: SID,
  SmsSid: SID,
  SmsMessageSid: SID,
  SmsStatus: 'received',
  AccountSid: settings.account,
  MessagingServiceSid: `MG${'2'.repeat(32)}`,
  From: '+12025550167',
  To: '+12025550188',
  Body: 'Is it ready?',
  NumMedia: '0',
  ApiVersion: '2010-04-01',
};
const whatsapp = { ...text, From: 'whatsapp:+12025550167', To: 'whatsapp:+12025550188', ProfileName: 'Nora Fink' };
const translate = (fields: Record<string, string>) => twilio.translate(form(fields), context);
const words = (fields: Record<string, string>) => inWords(translate(fields));

describe('a message over Twilio', () => {
  test('is of the conversation between both numbers, dated by its arrival', () => {
    expect(translate(whatsapp).events).toEqual([
      {
        id: `sms:${SID}`,
        person: { identifiers: ['+12025550167'], thread: 'sms:+12025550188' },
        event: {
          type: 'message.received',
          timestamp: '2026-05-04T10:30:00.000Z',
          data: {
            conversation: { id: 'sms:+12025550188:+12025550167', groupId: 'shop', channel: 'whatsapp' },
            from: { address: '+12025550167', name: 'Nora Fink' },
            message: { id: `sms:${SID}`, text: 'Is it ready?', attachments: [] },
          },
        },
      },
    ]);
  });

  const BSUID = 'DE.84316209175538';
  test.each([
    ['an SMS', text, 'received sms:+12025550188:+12025550167 sms "Is it ready?"'],
    ['an SMS of a short number', { ...text, From: '70707' }, 'received sms:+12025550188:70707 sms "Is it ready?"'],
    [
      'Messenger',
      { ...text, From: 'messenger:5550001', To: 'messenger:5550002' },
      'received sms:5550002:5550001 messenger "Is it ready?"',
    ],
    ['RCS', { ...text, From: 'rcs:+12025550167', To: 'rcs:acme' }, 'received sms:acme:+12025550167 rcs "Is it ready?"'],
    [
      'WhatsApp, of somebody who hides the number',
      { ...whatsapp, From: `whatsapp:${BSUID}`, ExternalUserId: BSUID },
      `received sms:+12025550188:${BSUID} whatsapp "Is it ready?"`,
    ],
    [
      'an old callback with one id',
      { From: text.From, To: text.To, SmsSid: SID, Body: 'Hi' },
      'received sms:+12025550188:+12025550167 sms "Hi"',
    ],
    [
      'a button',
      { ...whatsapp, Body: '', ButtonText: 'Yes, please' },
      'received sms:+12025550188:+12025550167 whatsapp "Yes, please"',
    ],
    [
      'a list',
      { ...whatsapp, Body: '', ListTitle: 'Repair' },
      'received sms:+12025550188:+12025550167 whatsapp "Repair"',
    ],
    [
      'a named place',
      { ...whatsapp, Body: '', Latitude: '48.1', Longitude: '11.5', Label: 'Old Bridge', Address: 'River Road 1' },
      'received sms:+12025550188:+12025550167 whatsapp "Location: Old Bridge, River Road 1"',
    ],
    [
      'a place',
      { ...whatsapp, Body: '', Latitude: '48.1', Longitude: '11.5' },
      'received sms:+12025550188:+12025550167 whatsapp "Location: 48.1, 11.5"',
    ],
    [
      'pictures without text',
      { ...text, Body: '', NumMedia: '2', MediaContentType0: 'image/jpeg', MediaContentType1: '' },
      'received sms:+12025550188:+12025550167 sms "" +image +file',
    ],
    [
      'an absurd number of pictures',
      { ...text, Body: 'x', NumMedia: '1e9', MediaContentType0: 'image/png' },
      `received sms:+12025550188:+12025550167 sms "x" +image${' +file'.repeat(99)}`,
    ],
  ])('by %s', (_, fields, expected) => {
    expect(words(fields as Record<string, string>)).toEqual([expected]);
  });

  test('names every identifier of its sender, so that somebody met by phone stays the same person', () => {
    const [received] = translate({ ...whatsapp, ExternalUserId: `whatsapp:${BSUID}` }).events;
    expect(received?.person?.identifiers).toEqual([BSUID, '+12025550167']);
    expect(received?.event.data).toMatchObject({ from: { address: '+12025550167', guestId: BSUID } });
    expect(withPerson(received!, '+12025550167').event.data).toMatchObject({
      conversation: { id: 'sms:+12025550188:+12025550167', groupId: 'shop' },
    });
  });

  test('that Twilio has answered itself needs no reply', () => {
    const { events } = translate({ ...text, Body: 'STOP', OptOutType: 'STOP' });
    expect(events.map(({ id, event: { type } }) => [id, type])).toEqual([
      [`sms:${SID}`, 'message.received'],
      [`sms:${SID}:answered`, 'conversation.no_reply_needed'],
    ]);
  });

  test('has no name if the profile’s is empty', () => {
    expect(translate({ ...whatsapp, ProfileName: '', ProfileUsername: '' }).events[0]?.event.data).toMatchObject({
      from: { address: '+12025550167' },
    });
  });
});

describe('what else Twilio sends', () => {
  const status = { MessageSid: SID, SmsSid: SID, From: text.To, To: text.From };
  test.each([
    ['a reply that was delivered', { ...status, MessageStatus: 'delivered' }, 'ignored: status delivered'],
    ['a reply that failed', { ...status, MessageStatus: 'failed', ErrorCode: '21610' }, `failed sms:${SID} opted_out`],
    [
      'a reply that was too late',
      { ...status, MessageStatus: 'undelivered', ErrorCode: '63016' },
      `failed sms:${SID} window_closed`,
    ],
    [
      'a failure for no known reason',
      { ...status, MessageStatus: 'failed', ErrorCode: '<b>' },
      `failed sms:${SID} other`,
    ],
    ['Conversations', { ...text, EventType: 'onMessageAdded' }, 'ignored: not Messages'],
    ['a call', { CallSid: 'CA1', From: text.From, To: text.To }, 'ignored: call'],
    ['a message without an id', { From: text.From, To: text.To, Body: 'Hi' }, 'unusable: no MessageSid'],
    ['a message from nobody', { MessageSid: SID, To: text.To, Body: 'Hi' }, 'unusable: message without From or To'],
    ['a message to nobody', { MessageSid: SID, From: text.From, Body: 'Hi' }, 'unusable: message without From or To'],
  ])('%s', (_, fields, expected) => {
    expect(words(fields as Record<string, string>)).toEqual([expected]);
  });

  test('JSON is of another product', () => {
    const json = request('{"eventType":"COMMUNICATION_CREATED"}', { 'content-type': 'application/json' });
    expect(inWords(twilio.translate(json, context))).toEqual(['ignored: not Messages']);
  });
});

describe('a reply over Twilio', () => {
  const reply: Outgoing = {
    channel: 'whatsapp',
    own: '+12025550188',
    customer: { address: '+12025550167' },
    text: 'It is.',
    statusUrl: URL_OF_SOURCE,
  };
  const addresses = (changes: Partial<Outgoing>) => {
    const { form: fields } = twilio.sender!.request(settings, { ...reply, ...changes });
    return [fields?.From, fields?.To];
  };

  test('goes to who wrote, from the number they wrote to', () => {
    expect(twilio.sender?.request(settings, reply)).toEqual({
      method: 'POST',
      path: `/2010-04-01/Accounts/${settings.account}/Messages.json`,
      form: {
        From: 'whatsapp:+12025550188',
        To: 'whatsapp:+12025550167',
        Body: 'It is.',
        StatusCallback: URL_OF_SOURCE,
      },
    });
  });

  test('by SMS has no prefix, and goes to a guest by their id', () => {
    expect([addresses({ channel: 'sms' }), addresses({ customer: { guestId: 'DE.1' } })]).toEqual([
      ['+12025550188', '+12025550167'],
      ['whatsapp:+12025550188', 'whatsapp:DE.1'],
    ]);
  });

  test('is signed in with the newest token', () => {
    const { base, headers } = twilio.api!(settings, { token: ['t', 'former'] });
    expect([base, headers.authorization]).toEqual([
      'https://api.twilio.com',
      `Basic ${Buffer.from(`${settings.account}:t`).toString('base64')}`,
    ]);
  });

  test.each([
    ['was taken', 201, { sid: SID, status: 'queued' }, { outcome: 'accepted', messageId: SID }],
    ['was taken, without an id', 201, null, { outcome: 'unknown' }],
    ['may have been taken', 500, { code: 20500 }, { outcome: 'unknown' }],
    ['took too long', 408, null, { outcome: 'unknown' }],
    ['went somewhere else', 302, null, { outcome: 'unknown' }],
    ['was to somebody who unsubscribed', 400, { code: 21610 }, { reason: 'opted_out' }],
    ['was to a number that gets none', 400, { code: 21614 }, { reason: 'unreachable' }],
    ['was one too many', 429, { code: 20429 }, { reason: 'busy' }],
    ['was one too many, without a code', 429, null, { reason: 'busy' }],
    ['had a wrong token', 401, { code: 20003 }, { reason: 'misconfigured' }],
    ['had no access', 403, {}, { reason: 'misconfigured' }],
    [
      'was refused for another reason',
      400,
      { code: 99999 },
      { reason: 'other', words: 'Twilio did not deliver it (error 99999).' },
    ],
  ])('that %s', (_, statusCode, body, expected) => {
    expect(twilio.sender?.outcome({ status: statusCode, body })).toMatchObject(expected);
  });
});

test('the account is checked with the token', async () => {
  const answer = (statusCode: number) => async () => ({ status: statusCode, body: { friendly_name: 'Acme Bikes' } });
  expect(await twilio.check!(answer(200), settings)).toBe('signed in to Acme Bikes');
  await expect(twilio.check!(answer(401), settings)).rejects.toThrow('Twilio answered 401');
});
