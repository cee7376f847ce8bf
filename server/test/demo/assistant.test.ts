import { expect, test } from 'vitest';
import { respond, type SaidLine } from '../../src/demo/assistant.ts';

const customer = (text: string): SaidLine => ({ from: 'customer', text });
const said = (...texts: string[]) => respond(texts.map(customer));

test.each([
  ['Hi there', 'Hello!'],
  ['Is there a pool?', 'pools are open'],
  ['What is the WiFi password?', 'wifi name'],
  ['When is check-in?', '16:00'],
  ['And check out?', '11:00'],
  ['Can we bring our dog?', 'pets'],
  ['How far is the beach', 'ten-minute'],
  ['thanks!', 'welcome'],
])('to %j it has an answer', (question, answer) => {
  const response = said(question);
  expect(response?.text).toContain(answer);
  expect(response?.givesUp).toBeNull();
});

test.each(['Can I talk to a person?', 'human please', 'I want an AGENT', 'Could somebody call me'])(
  'asked for a person (%j), it hands over',
  (question) => expect(said(question)?.givesUp).toBe('Asked for a person'),
);

test.each(['There is a leak in the bathroom', 'We have no hot water', 'I want a refund', 'the door is broken'])(
  'what cannot wait (%j) is handed over',
  (question) => expect(said(question)?.givesUp).toBe('Needs a person at once'),
);

test('not understood once it asks again, twice it gives up', () => {
  const first = respond([customer('Qwxyz')])!;
  expect(first.givesUp).toBeNull();
  const thread: SaidLine[] = [customer('Qwxyz'), { from: 'assistant', text: first.text }, customer('Zyxwq')];
  expect(respond(thread)?.givesUp).toBe('Did not understand twice');
});

test('understood in between, it is patient again', () => {
  const first = respond([customer('Qwxyz')])!;
  const thread: SaidLine[] = [
    ...[customer('Qwxyz'), { from: 'assistant', text: first.text } as const],
    ...[customer('Is there a pool?'), { from: 'assistant', text: 'The pools are open.' } as const],
    customer('Zyxwq'),
  ];
  expect(respond(thread)?.givesUp).toBeNull();
});

test.each([['agent'], ['assistant'], ['automatic']] as const)('it says nothing after %s', (from) => {
  expect(respond([customer('Hi'), { from, text: 'Hello' }])).toBeNull();
});

test('it says nothing to nothing', () => expect(respond([])).toBeNull());
