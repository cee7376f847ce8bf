import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { describeFailure, type Failure, failureIn } from './failure.ts';

/** Where the failures of the last run are, for `npm run test:repeat`. */
export const FAILURES = new URL('../../.output/failures.json', import.meta.url).pathname;

/** The first lines say what was expected; the rest of a long difference is in the report above. */
const MESSAGE_LINES = 12;

const messageOf = (errors: readonly { message: string }[] | undefined): string =>
  (errors ?? [])
    .map(({ message }) => stripVTControlCharacters(message).split('\n').slice(0, MESSAGE_LINES).join('\n'))
    .join('\n');

/** Says of each failure what was expected, the seed, and how to run the test alone; names the seed of each run. */
export class FailureReporter implements Reporter {
  readonly #seed: string;

  constructor(seed: string) {
    this.#seed = seed;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const failures = modules.flatMap((module) => this.#failuresOf(module));
    mkdirSync(dirname(FAILURES), { recursive: true });
    writeFileSync(FAILURES, JSON.stringify(failures, null, 2));
    for (const failure of failures) console.log(`\n${describeFailure(failure)}`);
    console.log(`\nseed ${this.#seed}`);
  }

  #failuresOf(module: TestModule): Failure[] {
    const failed = [...module.children.allTests('failed')].map((test) => this.#failureOf(test));
    const broken = module.errors().length > 0 || (module.state() === 'failed' && failed.length === 0);
    const message = messageOf(module.errors()) || 'a hook of this file failed; see the report above';
    return broken
      ? [failureIn(module.moduleId, { project: module.project.name, titles: [], message, seed: this.#seed }), ...failed]
      : failed;
  }

  #failureOf(test: TestCase): Failure {
    const titles = [test.name];
    for (let suite = test.parent; suite.type === 'suite'; suite = suite.parent) titles.unshift(suite.name);
    const { module, project } = test;
    const message = messageOf(test.result().errors);
    return failureIn(module.moduleId, { project: project.name, titles, message, seed: this.#seed });
  }
}
