/** What the console may say of an error: its kind. The message may hold what a customer wrote. */
export const errorName = (error: unknown): string => (error instanceof Error ? error.name : 'unknown error');
