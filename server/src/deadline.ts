/**
 * The promise's own outcome, or a rejection after `ms` milliseconds. What was begun goes on; only the waiting ends.
 */
export function deadline<Value>(promise: Promise<Value>, ms: number): Promise<Value> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not done after ${ms} ms`)), ms);
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
