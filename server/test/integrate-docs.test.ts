import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { IngestEvent } from '@converso/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DEMO_BUSINESS } from '../src/demo/business.ts';
import { seedDemo } from '../src/demo/seed.ts';
import { plan } from '../src/domain/plan.ts';
import { type Running, run, type Session, sessionOfAgent } from './http/running.ts';

const ROOT = join(import.meta.dirname, '../..');
const PAGE = readFileSync(join(ROOT, 'docs/integrate.md'), 'utf8');
const blocksOf = (language: string): string[] =>
  [...PAGE.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code!);
const COMMANDS = blocksOf('sh');

let running: Running;
let folder: string;
let ben: Session;
let env: Record<string, string>;

beforeAll(async () => {
  running = await run({ DEMO: '1' });
  const { store, clock, config } = running.deps;
  await seedDemo({ store, planner: plan, clock });
  ben = await sessionOfAgent(running, DEMO_BUSINESS.id, 'ben@demo.example');
  folder = mkdtempSync(join(tmpdir(), 'converso-docs-'));
  env = {
    HOME: process.env.HOME ?? folder,
    PATH: process.env.PATH ?? '',
    DATA_DIR: config.dataDir,
    DATABASE_URL: config.databaseUrl,
    TOKEN: ben.token,
  };
});
afterAll(async () => {
  await running.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs what is printed, against this test's server and folder instead of the usual ones. */
async function runPrinted(commands: string, path = env.PATH): Promise<unknown> {
  const here = commands.replaceAll('http://localhost:8787', running.url).replaceAll('/tmp/', `${folder}/`);
  const { stdout } = await promisify(execFile)('sh', ['-euc', here], { cwd: ROOT, env: { ...env, PATH: path! } });
  return JSON.parse(stdout);
}

/** An `npm` that starts the operator's command at once: the page has many, and the real one looks at the installation each time. */
function quickNpm(): string {
  const script = `#!/bin/sh\nshift 4\nexec '${process.execPath}' '${join(ROOT, 'tools/cli.mjs')}' "$@"\n`;
  writeFileSync(join(folder, 'npm'), script);
  chmodSync(join(folder, 'npm'), 0o755);
  return `${folder}${delimiter}${env.PATH}`;
}

test('the page has a command for every type of event', () => {
  const types = COMMANDS.flatMap((code) => /"type": "([a-z_.]+)",$/m.exec(code)?.[1] ?? []);
  expect([...new Set(types)].toSorted()).toEqual(IngestEvent.options.map(({ shape }) => shape.type.value).toSorted());
  expect(PAGE).toContain(`whose id is \`${DEMO_BUSINESS.id}\``);
});

test('every command works as it is printed', { timeout: 120_000 }, async ({ skip }) => {
  // Not every machine has curl; CI does, and fails without it.
  if (!process.env.CI && spawnSync('curl', ['--version']).error) {
    console.warn('curl is missing: the commands of docs/integrate.md were not run.');
    skip('curl is missing');
  }
  const [first, ...rest] = COMMANDS;
  expect(await runPrinted(first!)).toEqual({ duplicate: false });
  const path = quickNpm();
  const answers: unknown[] = [];
  for (const commands of rest) answers.push(await runPrinted(commands, path));
  const [refused, me, bell] = answers.splice(-3);
  expect(answers.filter((answer) => JSON.stringify(answer) !== '{"duplicate":false}')).toEqual([]);
  expect(refused).toMatchObject({ status: 422, errors: [{ field: 'timestamp' }, { field: 'data' }] });
  expect(me).toMatchObject({ agent: { email: 'ben@demo.example' } });
  expect(bell).toMatchObject({ items: [{ conversation: { id: expect.stringMatching(/^docs-/) } }, {}, {}, {}, {}] });

  const { items } = (await ben.get('/v1/conversations?view=mine')).body;
  expect(items.map(({ id }: { id: string }) => id)).toContain('docs-3');
  expect((await ben.get('/v1/conversations/docs-2')).body).toMatchObject({
    status: 'open',
    customer: { kind: 'contact', name: 'Tom Berger' },
  });
});

test('the program sends a signed event', { timeout: 30_000 }, async () => {
  const [program] = blocksOf('js');
  const [secret] = await running.deps.store.signingSecrets(DEMO_BUSINESS.id, Date.now());
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program!], {
    // Where the package it imports is installed.
    cwd: join(ROOT, 'server'),
    env: { BUSINESS_ID: DEMO_BUSINESS.id, BUSINESS_SECRET: secret!, SERVER: running.url },
  });
  expect(stdout).toContain('202');
});
