import type { Slot } from '../../domain/slots.ts';

/** Milliseconds. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** A slot as the log names it: `2026-11-23 11:00`. */
export const nameOf = ({ date, time }: Slot): string => `${date} ${time}`;
