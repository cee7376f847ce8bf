/**
 * The demo's assistant: answers by key words, and knows when it is at its wits' end. Pure; what it says and
 * does comes from the thread alone.
 */

/** A message of the thread, oldest first. */
export interface SaidLine {
  from: 'customer' | 'agent' | 'assistant' | 'automatic';
  text: string;
}

export interface Response {
  text: string;
  /** Why it hands the chat over after saying that, or null if it goes on. */
  givesUp: string | null;
}

const PERSON =
  /\b(human|person|agent|someone|somebody|colleague|operator|representative|manager|real (one|people)|call me|speak (to|with)|talk (to|with))\b/i;
const URGENT =
  /\b(emergency|fire|flood(ed)?|leak(s|ing)?|broken|no (hot )?water|no (power|electricity)|locked out|complain(t)?|unacceptable|terrible|angry|refund)\b/i;

/** The first that fits answers. */
const ANSWERS: readonly [RegExp, string][] = [
  [
    /\b(check.?in|arriv\w*|late|key)\b/i,
    'Check-in is from 16:00. If you arrive later, the key safe is open all night; you get its code on the day.',
  ],
  [
    /\b(check.?out|leave|leaving|depart\w*)\b/i,
    'Check-out is until 11:00. Just leave the keys in the safe, we do the rest.',
  ],
  [
    /\b(wi-?fi|internet|password)\b/i,
    'The wifi name and password are on the card beside the router, usually in the living room.',
  ],
  [/\b(dog|cat|pet)s?\b/i, 'Small pets are welcome in most of our houses for €25 a stay. Which house is it about?'],
  [
    /\b(park\w*|car|garage)\b/i,
    'All houses have a free parking space; the apartments in town have one in the garage below.',
  ],
  [/\b(pool|swim\w*)\b/i, 'The pools are open from April to October, from 9:00 to 21:00.'],
  [/\b(beach|sea|far)\b/i, 'It is a ten-minute walk to the beach, along the promenade.'],
  [
    /\b(price|cost|much|available|availability|book\w*|reserv\w*|free)\b/i,
    'I can look that up. Which dates, and how many of you are coming?',
  ],
  [/\b(cancel\w*)\b/i, 'You can cancel free of charge until 14 days before arrival.'],
  [/\b(deposit)\b/i, 'Deposits go back to the card you paid with within 7 days of check-out.'],
  [/\b(towel|linen|sheet)s?\b/i, 'Towels and bed linen are there when you arrive and are changed once a week.'],
  [/\b(invoice|receipt)\b/i, 'Invoices are sent by email on the day of check-out.'],
  [/\b(thanks?|thank you|great|perfect|gracias|merci)\b/i, 'You are welcome! Is there anything else I can help with?'],
  [
    /\b(hi|hello|hey|hola|bonjour|good (morning|afternoon|evening))\b/i,
    'Hello! I am the assistant of Sol & Mar Rentals. What can I do for you?',
  ],
];

const MISSED = 'I am not sure I understood that. Could you say it in other words?';
const HANDS_OVER = 'Of course. I am getting a colleague for you, one moment please.';
const URGENT_OVER = 'I am sorry to hear that. This is for a colleague; I am getting one for you right now.';
const LOST = 'I am afraid I cannot help with that. I am getting a colleague for you, one moment please.';

/** What the assistant says next, or null if the last word is not the customer's. */
export function respond(thread: readonly SaidLine[]): Response | null {
  const last = thread.at(-1);
  if (last?.from !== 'customer') return null;
  if (PERSON.test(last.text)) return { text: HANDS_OVER, givesUp: 'Asked for a person' };
  if (URGENT.test(last.text)) return { text: URGENT_OVER, givesUp: 'Needs a person at once' };
  const answer = ANSWERS.find(([words]) => words.test(last.text));
  if (answer) return { text: answer[1], givesUp: null };
  const lastAnswer = thread.findLast(({ from }) => from === 'assistant' || from === 'agent');
  if (lastAnswer?.text === MISSED) return { text: LOST, givesUp: 'Did not understand twice' };
  return { text: MISSED, givesUp: null };
}
