/** What a proof comes to: figures for people to read, and what was not as promised. */
export interface Proof {
  figures: Record<string, string | number>;
  /** Empty if all was as promised. */
  broken: string[];
  /** Why a part was not done on this machine; it is printed, never passed over in silence. */
  skipped: string[];
}

/** Collects what a proof finds. */
export function beginProof(): Proof & { expect(promise: string, kept: boolean): void } {
  const broken: string[] = [];
  return {
    figures: {},
    broken,
    skipped: [],
    expect(promise, kept): void {
      if (!kept) broken.push(promise);
    },
  };
}

/** As lines for a terminal. */
export function printed(name: string, { figures, broken, skipped }: Proof): string {
  const width = Math.max(...Object.keys(figures).map((key) => key.length));
  return [
    `${name}: ${broken.length === 0 ? 'kept' : 'BROKEN'}`,
    ...Object.entries(figures).map(([key, value]) => `  ${key.padEnd(width)}  ${value}`),
    ...skipped.map((why) => `  SKIPPED: ${why}`),
    ...broken.map((promise) => `  BROKEN: ${promise}`),
  ].join('\n');
}

/** Runs `work` over all items, so many at a time. */
export async function inBatches<Item>(
  items: readonly Item[],
  size: number,
  work: (item: Item) => unknown,
): Promise<void> {
  for (let at = 0; at < items.length; at += size) await Promise.all(items.slice(at, at + size).map(work));
}

/**
 * The first line in which a server says that something failed, or null. The line of a request's own is none: it has
 * no message, and 503 is what a stream is promised that arrives while the server is closing.
 */
export const firstError = (log: string): string | null =>
  /^(?=.*"msg":).*"level":"(?:error|fatal)".*$/m.exec(log)?.[0] ?? null;
