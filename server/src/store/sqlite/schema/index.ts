/**
 * The tables. What is read at every event has an integer key of its own, because the outside's ids are long
 * and unique only within a business. Times are epoch milliseconds.
 */
export * from './conversations.ts';
export * from './digests.ts';
export * from './people.ts';
export * from './sign-in.ts';
export * from './sources.ts';
