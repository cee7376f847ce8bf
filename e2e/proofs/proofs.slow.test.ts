/** The proofs in their short form; their commands (docs/reliability.md) run them for longer. */
import { expect, test } from 'vitest';
import { chaos } from './chaos.ts';
import { disk } from './disk.ts';
import { type Proof, printed } from './proof.ts';
import { reconnectStorm } from './reconnect-storm.ts';
import { restore } from './restore.ts';
import { soak } from './soak.ts';

const DEADLINE_MS = 180_000;

async function expectKept(name: string, proving: Promise<Proof>): Promise<void> {
  const proof = await proving;
  // What this machine cannot show is said, not passed over.
  for (const why of proof.skipped) console.warn(`${name}: skipped, ${why}`);
  expect(proof.broken, printed(name, proof)).toEqual([]);
}

test(
  'killed, restarted and frozen under load, the server loses nothing and tells nothing twice',
  { timeout: DEADLINE_MS },
  () => expectKept('chaos', chaos(6)),
);

test('readers that stall cost bounded memory', { timeout: DEADLINE_MS }, () => expectKept('soak', soak(3)));

test(
  'hundreds of devices come back from a restart and a kill, spread and without a gap',
  { timeout: DEADLINE_MS },
  () => expectKept('reconnect-storm', reconnectStorm(500)),
);

test('a full and a read-only disk refuse with 503 and lose nothing', { timeout: DEADLINE_MS }, () =>
  expectKept('disk', disk(10)),
);

test('a backup taken under load is restored elsewhere, and the server goes on from it', { timeout: DEADLINE_MS }, () =>
  expectKept('restore', restore(4)),
);
