import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readConfig } from '../config.ts';
import { backupStore, databaseFile, replaceStore } from './adapters.ts';
import { action, command } from './command.ts';
import { CommandFailed } from './output.ts';

const megabytes = (bytes: number): string => `${(bytes / 1_000_000).toFixed(1)} MB`;

export const backupCommand = command(
  'backup',
  'copy the store to a file, while the server runs; replaces an older copy',
)
  .argument('<file>', 'where to')
  .action(
    action(async (_: object, file) => {
      const to = resolve(file!);
      const { databaseUrl } = readConfig(process.env);
      const from = databaseFile(databaseUrl);
      if (!existsSync(from)) throw new CommandFailed(`There is no store at ${from} yet.`);
      if (existsSync(to) && statSync(to).isDirectory())
        throw new CommandFailed(`${to} is a folder; name a file in it.`);
      await backupStore(databaseUrl, to);
      const bytes = statSync(to).size;
      return { json: { file: to, bytes }, text: `Saved ${to} (${megabytes(bytes)}).` };
    }),
  );

export const restoreCommand = command('restore', 'put a backup in the place of the store; stop the server first')
  .argument('<file>', 'what `backup` wrote')
  .action(
    action(async (_: object, file) => {
      const from = resolve(file!);
      if (!existsSync(from)) throw new CommandFailed(`There is no file ${from}.`);
      const formerStore = await replaceStore(from, readConfig(process.env).databaseUrl);
      const kept = formerStore === null ? '' : `\nThe store that was there is now ${formerStore}.`;
      return {
        json: { file: from, formerStore },
        text: `Restored ${from}. Every device gets a fresh snapshot when it connects.${kept}`,
      };
    }),
  );
