import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { sign as signBody } from '../services/signature.ts';
import { action, businessOption, command, topic, withStore } from './command.ts';
import { CommandFailed } from './output.ts';
import * as values from './values.ts';

/** The file's bytes, or those of standard input for `-`. */
async function read(file: string): Promise<Buffer> {
  if (file === '-') return buffer(process.stdin);
  try {
    return await readFile(file);
  } catch (error) {
    throw new CommandFailed(`Cannot read ${file} (${(error as NodeJS.ErrnoException).code}).`);
  }
}

const sign = command('sign', 'print the three headers that sign an event, good for 5 minutes')
  .argument('<file>', 'the body, exactly as it will be sent; - reads standard input')
  .addOption(businessOption())
  .option('--id <id>', 'the webhook-id (made if left out); the same one is applied once', values.id)
  .action(
    action(async ({ business, id }: { business: string; id?: string }, file) => {
      const body = await read(file!);
      const [secret] = await withStore((store) => store.signingSecrets(business, Date.now()));
      if (secret === undefined) throw new CommandFailed(`There is no business ${business}; see \`business list\`.`);
      const headers = signBody(secret, id ?? `msg_${randomUUID()}`, new Date(), body);
      const lines = Object.entries(headers).map(([header, value]) => `${header}: ${value}`);
      return { json: headers, text: lines.join('\n') };
    }),
  );

export const eventsCommand = topic('events', 'events as businesses send them').addCommand(sign);
