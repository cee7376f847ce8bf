import { Email, Id, Name, Timestamp } from '@converso/shared';
import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { isTimeZone } from '../time-zone.ts';

/** A parser of an option's value; a wrong value is wrong use (exit code 2). */
const parserOf =
  <Value>(schema: z.ZodType<Value>, what: string) =>
  (value: string): Value => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new InvalidArgumentError(what);
    return parsed.data;
  };

export const id = parserOf(Id, 'It must have 1 to 128 characters.');
export const name = parserOf(Name, 'It must have 1 to 200 characters, one of them visible.');
export const email = parserOf(Email, 'It must be an email address.');

export function timeZone(value: string): string {
  if (!isTimeZone(value)) throw new InvalidArgumentError('It must be an IANA time zone, for example Europe/Berlin.');
  return value;
}

/** A moment in ISO 8601, as epoch milliseconds. */
export const at = parserOf(
  Timestamp.transform((text) => Date.parse(text)),
  'It must be a moment in ISO 8601, for example 2026-11-23T08:00:00Z.',
);

/** `A,B` as ids; the empty text as none. */
export const ids = (value: string): string[] =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(id);
