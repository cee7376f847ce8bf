import { Command, Option } from 'commander';
import { readConfig } from '../config.ts';
import type { Store } from '../ports/store.ts';
import { openStore } from './adapters.ts';
import { CommandFailed, type Result } from './output.ts';

/** A word that commands follow. It takes no options itself, so that `--json` reaches the command. */
export const topic = (name: string, description: string): Command => new Command(name).description(description);

/** Every command prints one JSON value on standard output with `--json`, and nothing else there. */
export function command(name: string, description: string): Command {
  return new Command(name).description(description).option('--json', 'print JSON instead of text');
}

export const businessOption = () => new Option('--business <id>', 'the business').makeOptionMandatory();

/** Runs a command's work and prints what it gives. `work` gets the options and the arguments. */
export function action<Options>(work: (options: Options, ...args: string[]) => Promise<Result>) {
  return async (...given: unknown[]): Promise<void> => {
    const self = given.at(-1) as Command;
    const options = self.opts<Options & { json?: boolean }>();
    const { json, text, failed } = await work(options, ...self.args);
    process.stdout.write(`${options.json ? JSON.stringify(json, null, 2) : text}\n`);
    if (failed !== undefined) throw new CommandFailed(failed);
  };
}

/** Opens the configured store for one piece of work and closes it after. */
export async function withStore<Value>(work: (store: Store) => Promise<Value>): Promise<Value> {
  const store = openStore(readConfig(process.env).databaseUrl);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** @throws CommandFailed for a business that does not exist */
export async function knownBusiness(store: Store, businessId: string): Promise<void> {
  const known = (await store.businesses()).some(({ id }) => id === businessId);
  if (!known) throw new CommandFailed(`There is no business ${businessId}; see \`business list\`.`);
}
