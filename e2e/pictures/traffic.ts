import type { Business } from '../support/business.ts';

/** Channel, address or number, name if they gave one, and what they write. */
type Written = readonly [channel: string, sender: string, name: string | undefined, text: string];

/** Everybody writes at once: what a bell looks like on a bad morning. */
const MESSAGES: readonly Written[] = [
  ['whatsapp', '+447700900101', 'Olivia Grant', 'We are at the door and the key safe does not open.'],
  ['sms', '+12025550111', undefined, 'Running late, will arrive around 11 pm. Is that ok?'],
  ['telegram', 'tg-marek', 'Marek Nowak', 'Can we add a fifth person to our booking for July?'],
  ['webchat', 'guest-7301', undefined, 'Do you have anything with a sea view for the first week of May?'],
  ['messenger', 'hana-sato', 'Hana Satō', 'The air conditioning makes a strange noise at night'],
  ['instagram', 'joao.p', 'João Pereira', 'Is Casa Limón still free over Easter? 🌊'],
  ['email', 'claire.dubois@guest.example', 'Claire Dubois', 'Please find attached our passports for the registration.'],
  ['whatsapp', '+447700900133', 'Friederike Schmidt-Rottmann (bride’s mother)', 'Hello? Is anybody there?'],
  ['webchat', 'guest-7302', undefined, 'Is the deposit refundable?'],
];

/** Lets a customer write to the demo's reservations. */
export async function writes(business: Business, [channel, sender, name, text]: Written): Promise<void> {
  const isNumber = channel === 'whatsapp' || channel === 'sms' || channel === 'email';
  await business.post('message.received', {
    conversation: { id: `${channel}-${sender}`, groupId: 'reservations', channel },
    from: { ...(isNumber ? { address: sender } : { guestId: sender }), name },
    message: { id: `traffic-${channel}-${sender}`, text },
  });
}

/** Lets them all write. */
export async function sendTraffic(business: Business): Promise<void> {
  for (const message of MESSAGES) await writes(business, message);
}
