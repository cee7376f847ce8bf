import { beforeEach, describe, expect, it } from 'vitest';
import { cachedSecrets, type Secrets } from '../../src/http/middleware/cached-secrets.ts';

describe('signing secrets', () => {
  const clock = { ms: 0, now: () => clock.ms };
  let stored: string[];
  let reads: number;
  let secrets: Secrets;

  beforeEach(() => {
    clock.ms = 0;
    stored = ['old'];
    reads = 0;
    const signingSecrets = async (businessId: string) => {
      reads += 1;
      return businessId === 'acme' ? stored : [];
    };
    secrets = cachedSecrets({ signingSecrets }, clock);
  });

  it('are read once a second, however often they are asked for', async () => {
    for (let asked = 0; asked < 10; asked += 1) expect(await secrets.of('acme')).toEqual(['old']);
    expect(reads).toBe(1);
    clock.ms = 1000;
    stored = ['new', 'old'];
    expect(await secrets.of('acme')).toEqual(['new', 'old']);
    expect(reads).toBe(2);
  });

  it('are those of now where it matters', async () => {
    await secrets.of('acme');
    stored = ['new', 'old'];
    expect(await secrets.refresh('acme')).toEqual(['new', 'old']);
    expect(await secrets.of('acme')).toEqual(['new', 'old']);
  });

  it('of businesses that do not exist are not remembered', async () => {
    expect(await secrets.of('nobody')).toEqual([]);
    expect(await secrets.of('nobody')).toEqual([]);
    expect(reads).toBe(2);
  });
});
