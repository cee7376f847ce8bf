/** Runs one proof by its name, for so many seconds: `node server/proofs/main.ts chaos 60`. Exit code 1 if a promise is broken. */
import { chaos } from './chaos.ts';
import { crowd } from './crowd.ts';
import { disk } from './disk.ts';
import { pressure } from './pressure.ts';
import { type Proof, printed } from './proof.ts';
import { rescue } from './rescue.ts';
import { soak } from './soak.ts';

const PROOFS: Record<string, { run(amount: number): Promise<Proof>; amount: number; unit: string }> = {
  chaos: { run: chaos, amount: 60, unit: 'seconds' },
  soak: { run: soak, amount: 300, unit: 'seconds' },
  crowd: { run: crowd, amount: 10_000, unit: 'streams' },
  pressure: { run: pressure, amount: 20, unit: 'seconds' },
  rescue: { run: rescue, amount: 30, unit: 'seconds' },
  disk: { run: disk, amount: 100, unit: 'seconds' },
};

const [name = '', given] = process.argv.slice(2);
const proof = PROOFS[name];
const amount = Number(given ?? proof?.amount);
if (proof === undefined || !Number.isInteger(amount) || amount < 1) {
  console.error(
    `One of: ${Object.entries(PROOFS)
      .map(([each, { unit, amount: usual }]) => `${each} [${unit}, ${usual}]`)
      .join(', ')}`,
  );
  process.exit(2);
}
const result = await proof.run(amount);
console.log(printed(name, result));
process.exit(result.broken.length === 0 ? 0 : 1);
