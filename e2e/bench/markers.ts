/**
 * Finding events in a stream's bytes without parsing them: every event's text holds `#` its number `#`. What was begun
 * at the end of one read goes on with the next, so that nothing is kept of the bytes but a number.
 */

const HASH = 35;
const ZERO = 48;
const NINE = 57;

/** What `scanMarkers` has to be given again with the next bytes of the same stream: -1 outside a marker, else its digits so far. */
export type Carry = number;
export const OUTSIDE: Carry = -1;

/** Text that carries the number of an event. */
export const marker = (n: number): string => `#${n}#`;

/** Calls `onMark` for every marker in the first `length` bytes, and spoils the byte behind them. */
export function scanMarkers(bytes: Buffer, length: number, carry: Carry, onMark: (n: number) => void): Carry {
  let value = carry;
  let position = 0;
  // The buffer is used again and again. A marker's sign right behind what is new stops the search there.
  if (length < bytes.length) bytes[length] = HASH;
  while (position < length) {
    if (value === OUTSIDE) {
      const next = bytes.indexOf(HASH, position);
      if (next < 0 || next >= length) return OUTSIDE;
      value = 0;
      position = next + 1;
      continue;
    }
    const byte = bytes[position++]!;
    if (byte >= ZERO && byte <= NINE) value = value * 10 + byte - ZERO;
    else if (byte === HASH) {
      onMark(value);
      value = OUTSIDE;
    } else value = OUTSIDE;
  }
  return value;
}
