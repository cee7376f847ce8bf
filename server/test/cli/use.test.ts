import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDesk } from './run-command.ts';

const AGENT = [
  'agent',
  'add',
  '--business',
  'b',
  '--id',
  'a',
  '--name',
  'A',
  '--email',
  'a@b.example',
  '--role',
  'agent',
];
const but = (option: string, value: string) => AGENT.map((word, index) => (AGENT[index - 1] === option ? value : word));

describe('wrong use ends with 2, says why, and prints nothing on standard output', () => {
  test.each([
    [['nothing']],
    [[]],
    [['business']],
    [['business', 'nothing']],
    [['business', 'add', '--name', 'Shop']],
    [['business', 'add', '--name', 'Shop', '--time-zone', '']],
    [['business', 'add', '--name', 'Shop', '--time-zone', '+01:00']],
    [['business', 'add', '--name', ' ', '--time-zone', 'UTC']],
    [['business', 'list', '--colour']],
    [['business', 'list', 'all']],
    [['agent', 'list']],
    [but('--role', 'boss')],
    [but('--email', 'nobody')],
    [but('--id', 'x'.repeat(129))],
    [['events', 'sign', '--business', 'b']],
    [['backup']],
    [['restore', 'a', 'b']],
  ])('%j', async (args) => {
    const { code, out, err } = await openDesk().run(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).not.toBe('');
  });
});

describe('an unknown business is a failure, not wrong use', () => {
  test.each([
    [AGENT],
    [['agent', 'list', '--business', 'b']],
    [['agent', 'sign-out', '--business', 'b', '--id', 'a']],
    [['group', 'list', '--business', 'b']],
    [['group', 'add', '--business', 'b', '--id', 'g', '--name', 'G']],
  ])('%j', async (args) => {
    const { code, err } = await openDesk().run(...args);
    expect([code, err]).toEqual([1, 'cli: There is no business b; see `business list`.\n']);
  });
});

test.each([[['--help']], [['business', '--help']], [['business', 'add', '--help']], [['doctor', '--help']]])(
  '%j prints how to use it',
  async (args) => {
    const { code, out } = await openDesk().run(...args);
    expect([code, out.startsWith('Usage: ')]).toEqual([0, true]);
  },
);

test('a wrong environment is one line', async () => {
  const { code, err } = await openDesk({ LOG_LEVEL: 'loud' }).run('business', 'list');
  expect([code, err.split('\n')]).toEqual([1, [expect.stringMatching(/^cli: LOG_LEVEL must be one of /), '']]);
});

test('as a program it ends with the same codes', async () => {
  const program = join(import.meta.dirname, '../../src/cli/main.ts');
  const { promise, resolve } = Promise.withResolvers<unknown>();
  execFile(process.execPath, [program, 'nothing'], (error) => resolve(error?.code));
  expect(await promise).toBe(2);
});
