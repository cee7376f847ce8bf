/** The chats that the demo begins with. Numbers are from ranges that no telephone company gives out. */
import type { Person } from '@converso/shared';

const HOUR = 60;

type Happening =
  | { kind: 'customer'; text: string }
  | { kind: 'agent'; agentId: string; text: string; isPrivate?: boolean }
  | { kind: 'assistant'; text: string }
  | { kind: 'assigned'; to: { agentId: string } | { assistant: true } | null; by?: string }
  | { kind: 'handed_over'; reason: string }
  | { kind: 'closed' | 'no_reply_needed'; by: string };

/** Something that happened so many minutes before the demo was set up. */
type Line = { ago: number } & Happening;

export interface DemoChat {
  id: string;
  channel: string;
  groupId: string;
  customer: Person;
  /** Whether the name is saved in contacts. */
  saved?: true;
  lines: readonly Line[];
}

const customer = (ago: number, text: string): Line => ({ ago, kind: 'customer', text });
const agent = (ago: number, agentId: string, text: string): Line => ({ ago, kind: 'agent', agentId, text });
const note = (ago: number, agentId: string, text: string): Line =>
  ({ ...agent(ago, agentId, text), isPrivate: true }) as Line;
const assistant = (ago: number, text: string): Line => ({ ago, kind: 'assistant', text });
const toAssistant = (ago: number): Line => ({ ago, kind: 'assigned', to: { assistant: true } });
const toAgent = (ago: number, agentId: string, by = agentId): Line => ({ ago, kind: 'assigned', to: { agentId }, by });
const handedOver = (ago: number, reason: string): Line => ({ ago, kind: 'handed_over', reason });

export const DEMO_CHATS: readonly DemoChat[] = [
  {
    id: 'whatsapp-447700900142',
    channel: 'whatsapp',
    groupId: 'reservations',
    customer: { address: '+447700900142', name: 'Emma Hughes' },
    saved: true,
    lines: [
      customer(
        3 * HOUR,
        'Hello! We booked Casa Limón from the 28th. Our flight lands at 22:40, is a late check-in possible?',
      ),
      toAgent(172, 'ana', 'dana'),
      agent(
        168,
        'ana',
        'Hello Emma! Yes, no problem at all: the key safe is open all night. I will send you the code on the day.',
      ),
      customer(26, 'Perfect, thank you!'),
      customer(22, 'One more thing: may we bring our dog? He is small and very well behaved 🐶'),
    ],
  },
  {
    id: 'sms-12025550147',
    channel: 'sms',
    groupId: 'support',
    customer: { address: '+12025550147' },
    lines: [
      customer(48, 'Hi, the wifi code on the fridge does not work. Apartment 4B, Calle Mayor. Can someone help?'),
    ],
  },
  {
    id: 'messenger-priya-shah',
    channel: 'messenger',
    groupId: 'support',
    customer: { guestId: 'priya-shah', name: 'Priya Shah' },
    lines: [
      toAssistant(15.5),
      customer(15, 'When do I get my deposit back?'),
      assistant(
        14,
        'Deposits go back to the card you paid with within 7 days of check-out. Is there anything else I can help with?',
      ),
      customer(10, 'It has been 12 days. I would like to talk to a real person please.'),
      assistant(9.5, 'Of course. I am getting a colleague for you, one moment please.'),
      handedOver(9, 'Asked for a person'),
    ],
  },
  {
    id: 'webchat-guest-4821',
    channel: 'webchat',
    groupId: 'reservations',
    customer: { guestId: 'guest-4821' },
    lines: [
      toAssistant(7.5),
      customer(7, 'Does Villa Azul have a pool?'),
      assistant(6, 'It does: a private pool, open from April to October, and a shallow part for children.'),
      customer(2, 'Lovely. And how far is the beach?'),
    ],
  },
  {
    id: 'whatsapp-447700900187',
    channel: 'whatsapp',
    groupId: 'support',
    customer: { address: '+447700900187', name: 'Marta López' },
    saved: true,
    lines: [
      customer(5 * HOUR, 'Good morning, the hot water stopped working since yesterday evening. Casa Olivo.'),
      toAgent(296, 'ben'),
      agent(
        293,
        'ben',
        'Good morning Marta, I am so sorry. Our technician can be there between 12 and 13. Is somebody at home?',
      ),
      customer(291, 'Yes, we will wait for him.'),
      note(290, 'ben', 'Paco is booked for 12:00. The boiler was serviced in May, ask him for the report.'),
      agent(3 * HOUR, 'ben', 'Is the water hot again?'),
      customer(170, 'Yes! Thank you for the quick help.'),
      agent(168, 'ben', 'Wonderful. Enjoy the rest of your stay!'),
    ],
  },
  {
    id: 'email-luca-bianchi',
    channel: 'email',
    groupId: 'reservations',
    customer: { address: 'luca.bianchi@guest.example', name: 'Luca Bianchi' },
    lines: [
      customer(
        20 * HOUR,
        'Good evening, could you send me the invoice for our stay in September? Our booking was SM-20418.',
      ),
      toAgent(19 * HOUR, 'ana'),
      agent(
        19 * HOUR - 5,
        'ana',
        'Good evening Mr Bianchi, the invoice is attached to the email you will receive in a minute. Kind regards, Ana',
      ),
      customer(18 * HOUR, 'Received, many thanks.'),
      { ago: 18 * HOUR - 10, kind: 'closed', by: 'ana' },
    ],
  },
  {
    id: 'instagram-sofia-rossi',
    channel: 'instagram',
    groupId: 'support',
    customer: { guestId: 'sofia-rossi', name: 'Sofia Rossi' },
    lines: [
      customer(9 * HOUR, 'What a view! We loved every minute at Casa Limón 😍'),
      toAgent(8 * HOUR, 'chloe'),
      { ago: 8 * HOUR - 1, kind: 'no_reply_needed', by: 'chloe' },
    ],
  },
];

export type { Line as DemoLine };
