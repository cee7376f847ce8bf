/**
 * The tables. Tables that are read at every event have an integer key, because public ids are long and unique only within
 * a business. Times are epoch milliseconds.
 */
export * from './conversations.ts';
export * from './digests.ts';
export * from './people.ts';
export * from './sign-in.ts';
export * from './sources.ts';
