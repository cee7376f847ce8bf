/** Whether an error, or one that it was caused by, has such a code; drivers wrap their errors. */
export function hasCode(error: unknown, code: RegExp): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (code.test(String((cause as { code?: unknown }).code ?? ''))) return true;
  }
  return false;
}
